"""Settings, urls and the web application: the only part that knows every other."""
