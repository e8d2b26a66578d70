"""A Sparkplug B edge on the PyPI package mqtt-spb-wrapper: a node with a table, rebirth on command, one value per line.

usage: python edge.py <port>
"""

import sys

from mqtt_spb_wrapper import MqttSpbEntityEdgeNode

port = int(sys.argv[1])
edge = MqttSpbEntityEdgeNode("hall", "pyedge", include_spb_rebirth=False)
edge.data.set_value("speed", -7)
edge.data.set_value("name", "Säge 1")
edge.data.set_value("temperature", 0.5)
edge.data.set_value("table", {"tool": [1, 2], "wear": [0.25, 0.5]})


def on_rebirth(_value):
    edge.publish_birth()


edge.commands.set_value("Node Control/Rebirth", False, callback_on_change=on_rebirth)
if not edge.connect("127.0.0.1", port):
    sys.exit("no connection")
edge.publish_birth()
for line in sys.stdin:
    edge.data.set_value("speed", int(line))
    edge.publish_data()
