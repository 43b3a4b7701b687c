"""Continues an upload with PyPI's `tuspy`, which knows nothing of us but the upload's address.

python tus.py URL FILE
"""

import sys

from tusclient.client import TusClient

url, path = sys.argv[1:]
uploader = TusClient(url).uploader(file_path=path, url=url, chunk_size=1_000_000, retries=50, retry_delay=0.1)
uploader.upload()
