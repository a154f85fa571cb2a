"""What `botkit new` writes: a bot that works, a flow with its test. Their texts are data, in `botkit/templates`."""

from botkit.scaffold.bot import NAME_MAX, NewBot, bot_files, bot_name, default_country, default_name
from botkit.scaffold.countries import COUNTRIES, Country, country_of, near_country
from botkit.scaffold.flow import NewFlow, plan_flow
from botkit.scaffold.write import Occupied, check_free, write_files

__all__ = [
    "COUNTRIES",
    "NAME_MAX",
    "Country",
    "NewBot",
    "NewFlow",
    "Occupied",
    "bot_files",
    "bot_name",
    "check_free",
    "country_of",
    "default_country",
    "default_name",
    "near_country",
    "plan_flow",
    "write_files",
]
