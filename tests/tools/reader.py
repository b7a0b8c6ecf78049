"""Reads a window as a screen reader does: over AT-SPI, from outside. One request a line, one answer a line, in JSON.

  tree     every object that shows, top to bottom
  focus    what has the focus, or null
  heard    what changed in a live region, or was announced, since the last time
"""

import json
import sys
import threading

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

APPLICATION = sys.argv[1]
STATES = ["focused", "focusable", "checked", "pressed", "sensitive", "showing", "expanded", "expandable", "active"]

heard = []
focused = None
moves = 0


def text_of(it):
    return Atspi.Text.get_text(it, 0, -1) if "Text" in it.get_interfaces() else ""


def told(it):
    """One object, in a screen reader's words."""
    states = it.get_state_set()
    attributes = it.get_attributes() or {}
    return {
        "role": it.get_role_name(),
        "name": it.get_name() or "",
        "text": text_of(it).replace("\ufffc", ""),
        "level": attributes.get("level"),
        "current": attributes.get("current"),
        "states": [name for name in STATES if states.contains(getattr(Atspi.StateType, name.upper()))],
    }


def window():
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(index)
        if application and application.get_name() == APPLICATION:
            return application
    return None


def walk(it, depth, out):
    try:
        node = told(it)
        out.append({**node, "depth": depth})
        for index in range(it.get_child_count()):
            child = it.get_child_at_index(index)
            if child:
                walk(child, depth + 1, out)
    except GLib.Error:
        # It went while it was being read.
        pass


def tree():
    top, out = window(), []
    if top:
        top.clear_cache()
        walk(top, 0, out)
    return out


def in_live_region(it):
    attributes = it.get_attributes() or {}
    return attributes.get("container-live") in ("polite", "assertive")


def on_event(event):
    global focused, moves
    try:
        if event.type.startswith("object:state-changed:focused"):
            if event.detail1:
                focused = event.source
                moves += 1
            elif focused is not None and event.source == focused:
                focused = None
        elif event.type.startswith("object:announcement"):
            heard.append(str(event.any_data))
        elif in_live_region(event.source):
            if event.type.startswith("object:children-changed:add"):
                child = event.any_data
                heard.append(text_of(child) or child.get_name())
            elif event.type.startswith("object:text-changed:insert"):
                heard.append(str(event.any_data))
    except GLib.Error:
        pass


def answer(request):
    if request == "tree":
        return tree()
    if request == "focus":
        try:
            on = told(focused) if focused else None
        except GLib.Error:
            on = None
        return {"on": on and {**on, "depth": 0}, "moves": moves}
    if request == "heard":
        taken = heard[:]
        heard.clear()
        return taken
    return {"error": request}


def reply(request):
    print(json.dumps(answer(request)), flush=True)
    return False


def listen():
    for line in sys.stdin:
        GLib.idle_add(reply, line.strip())
    GLib.idle_add(Atspi.event_quit)


Atspi.init()
listener = Atspi.EventListener.new(on_event)
for kind in ["object:state-changed:focused", "object:announcement", "object:children-changed", "object:text-changed"]:
    listener.register(kind)
threading.Thread(target=listen, daemon=True).start()
Atspi.event_main()
