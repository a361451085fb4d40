# Probleme, die das Fenster selbst bemerkt.

error-service-unreachable = Der Muster-Dienst antwortet nicht.
error-service-unreachable-hint = Downloads und installierte Mods sind sicher. Starte den Dienst mit dem Knopf in der Leiste unten.
