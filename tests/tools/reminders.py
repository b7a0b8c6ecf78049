"""Reads the reminders that Usher writes as somebody else's calendar would.

    python reminders.py ZONE FILE.ics ...

Each file is parsed by PyPI's icalendar and printed as one line of JSON; its alarms are the moments at which they
ring, on the clock of ZONE. Then all files go, in the order given, into one calendar of khal (a real calendar program)
in a temporary folder. The last line says what khal shows after each import. The exit code is 0 if every alarm rings
at 09:00 and khal never shows more than one entry.
"""

import json
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar

CONFIG = """
[calendars]
[[reminders]]
path = {folder}/reminders
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %m-%d
longdateformat = %Y-%m-%d
datetimeformat = %m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = reminders
"""


def read(path, zone):
    (event,) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    rings = sorted(alarm.trigger.astimezone(zone) for alarm in event.alarms.times)
    return {
        "file": path.name,
        "uid": str(event["UID"]),
        "sequence": event.sequence,
        "dtstart": event.start.astimezone(zone).isoformat(),
        "summary": str(event["SUMMARY"]),
        "alarms": [ring.isoformat() for ring in rings],
    }


class Khal:
    """One calendar, empty at first."""

    def __init__(self, folder, zone):
        (folder / "reminders").mkdir()
        self.config = folder / "config"
        self.config.write_text(CONFIG.format(folder=folder, zone=zone.key))

    def run(self, *words):
        khal = Path(sys.executable).with_name("khal")
        command = [khal, "--no-color", "--config", self.config, *words]
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout

    def add(self, path):
        self.run("import", "--batch", path)

    def entries(self, first, last):
        fields = ["uid", "start-long", "title"]
        words = [word for field in fields for word in ("--json", field)]
        lines = self.run("list", *words, f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}").splitlines()
        return [entry for line in lines for entry in json.loads(line)]


def main(zone, paths):
    reminders = [read(path, zone) for path in paths]
    for reminder in reminders:
        print(json.dumps(reminder, ensure_ascii=False))
    starts = [datetime.fromisoformat(reminder["dtstart"]) for reminder in reminders]
    first, last = min(starts) - timedelta(days=2), max(starts) + timedelta(days=2)
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        khal = Khal(Path(folder), zone)
        for path in paths:
            khal.add(path)
            shown.append(khal.entries(first, last))
    print(json.dumps({"khal": shown}, ensure_ascii=False))
    rings = [datetime.fromisoformat(ring) for reminder in reminders for ring in reminder["alarms"]]
    nine = all((ring.hour, ring.minute, ring.second) == (9, 0, 0) for ring in rings)
    return nine and all(len(entries) == 1 for entries in shown)


if __name__ == "__main__":
    sys.exit(0 if main(ZoneInfo(sys.argv[1]), [Path(path) for path in sys.argv[2:]]) else 1)
