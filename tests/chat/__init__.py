"""Tests of `botkit chat`."""
