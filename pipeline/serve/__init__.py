"""A small service that scores videos with a pushed model. Needs the extra `serve`."""
