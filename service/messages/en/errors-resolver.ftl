error-resolver-impossible = { $packages } cannot be installed together with what you have.
error-resolver-impossible-hint = Nothing was changed. Choose one of the ways out, or leave something out.
error-resolver-too-large = There are too many possible combinations to try them all.
error-resolver-too-large-hint = Nothing was changed. Install in smaller steps, or ask for exact versions.
