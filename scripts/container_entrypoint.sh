#!/bin/sh
# Runs the command passed to the container. Options without a command are what Beam's runners pass to a worker.
case "${1-}" in
  -*) exec /opt/apache/beam/boot "$@" ;;
  *) exec "$@" ;;
esac
