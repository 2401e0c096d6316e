"""Does the web server answer a page? For the container's health check, behind the proxy's headers."""

import http.client
import os
import sys

PAGE = "/account/login/"


def main() -> None:
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=8)
    host = os.environ.get("JIXI_ALLOWED_HOSTS", "localhost").split(",")[0]
    connection.request("GET", PAGE, headers={"Host": host, "X-Forwarded-Proto": "https"})
    status = connection.getresponse().status
    if status != http.HTTPStatus.OK:
        sys.exit(f"{PAGE} answers {status}")


if __name__ == "__main__":
    main()
