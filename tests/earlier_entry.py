"""An entry of the feature cache as earlier versions wrote it, which does not say which video it is for."""

import hashlib


def earlier_entry(payload: bytes) -> bytes:
    """Returns an entry whose checksum covers the payload alone."""
    return hashlib.sha256(payload).digest() + payload


def payload_of(entry: bytes) -> bytes:
    """Returns what follows the checksum, which is as long in every version."""
    return entry[hashlib.sha256().digest_size :]
