"""What people write, read into values. Pure: a text and a `ReadingContext` in, a JSON value or None out.

What is not surely understood is None: a wrong answer asks again, a wrong guess books the wrong day.
"""
