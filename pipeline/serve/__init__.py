"""A small service that says what a pushed model says of videos. Needs the extra `serve`."""
