"""A desktop panel for tests: it owns org.kde.StatusNotifierWatcher, and shows and activates the menu of an icon.

It reads one command a line and answers each with one line of JSON:
  icon           what the newest icon says about itself; null where there is none
  menu           its menu, as [{"id", "label", "enabled"}], separators left out
  click ID       activates an entry
  activate       a click on the icon itself
"""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Watcher(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, "/StatusNotifierWatcher")
        self.bus = bus
        self.items = []

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        # A service names itself by its bus name, or by the path of its object.
        path = service if service.startswith("/") else "/StatusNotifierItem"
        self.items.append((sender, path))
        self.StatusNotifierItemRegistered(service)

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        pass

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemRegistered(self, service):
        pass

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostRegistered(self):
        pass

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return {
            "RegisteredStatusNotifierItems": dbus.Array([sender for sender, _ in self.items], signature="s"),
            "IsStatusNotifierHostRegistered": True,
            "ProtocolVersion": dbus.Int32(0),
        }

    def item(self):
        alive = [entry for entry in self.items if self.bus.name_has_owner(entry[0])]
        return alive[-1] if alive else None


def properties_of(bus, item):
    name, path = item
    return dbus.Interface(bus.get_object(name, path), PROPERTIES).GetAll(ITEM)


def menu_of(bus, item):
    path = properties_of(bus, item)["Menu"]
    return dbus.Interface(bus.get_object(item[0], path), MENU)


def answer(bus, watcher, line):
    item = watcher.item()
    if item is None:
        return None
    command, _, argument = line.partition(" ")
    if command == "icon":
        about = properties_of(bus, item)
        pixels = about.get("IconPixmap", [])
        return {
            "id": str(about["Id"]),
            "title": str(about["Title"]),
            "tooltip": str(about["ToolTip"][2]),
            "pictures": [[int(width), int(height), len(data)] for width, height, data in pixels],
        }
    menu = menu_of(bus, item)
    if command == "menu":
        _, (_, _, children) = menu.GetLayout(0, -1, dbus.Array([], signature="s"))
        entries = [(int(child[0]), child[1]) for child in children]
        return [
            {"id": number, "label": str(about["label"]), "enabled": bool(about.get("enabled", True))}
            for number, about in entries
            if about.get("type", "standard") != "separator"
        ]
    if command == "click":
        menu.Event(dbus.Int32(int(argument)), "clicked", dbus.Int32(0, variant_level=1), dbus.UInt32(0))
        return True
    if command == "activate":
        dbus.Interface(bus.get_object(*item), ITEM).Activate(0, 0)
        return True
    return None


def main():
    DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    watcher = Watcher(bus)
    name = dbus.service.BusName(WATCHER, bus)
    loop = GLib.MainLoop()

    def heard(channel, _condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        try:
            reply = answer(bus, watcher, line.strip())
        except (dbus.DBusException, KeyError) as error:
            reply = {"error": str(error)}
        print(json.dumps(reply), flush=True)
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, heard)
    watcher.StatusNotifierHostRegistered()
    print(json.dumps("ready"), flush=True)
    loop.run()
    del name


main()
