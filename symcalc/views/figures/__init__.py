"""Pictures: each a pure function of a program and a run that gives a Picture, drawn without a screen."""
