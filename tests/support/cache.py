"""A cache whose ``clear`` takes away its own keys alone."""

from django.core.cache.backends.redis import RedisCache


class OwnKeysCache(RedisCache):
    """Django's clears the whole database of the Redis, which others may use."""

    def clear(self) -> bool:
        client = self._cache.get_client(write=True)
        return all([client.delete(key) for key in client.scan_iter(match=f"{self.key_prefix}:*")])
