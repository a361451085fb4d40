# Problems that the window finds by itself.

error-service-unreachable = The Muster service does not answer.
error-service-unreachable-hint = Downloads and installed mods are safe. Start the service again with the button in the bar below.
