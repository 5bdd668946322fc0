#!/usr/bin/python3
"""An SMTP server that is not ours (aiosmtpd), for a test: server.py FOLDER.

Writes its port to FOLDER/port, breaks the connection off inside the first mail's DATA, and writes each later mail to
FOLDER/mail-N.eml, its envelope to FOLDER/mail-N.json. It ends when its standard input does.
"""
import asyncio
import json
import os
import sys

from aiosmtpd.smtp import SMTP


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.mails = 0

    def write(self, name, data):
        with open(f'{self.folder}/.{name}', 'wb') as file:
            file.write(data)
        os.rename(f'{self.folder}/.{name}', f'{self.folder}/{name}')

    async def handle_DATA(self, server, session, envelope):
        self.mails += 1
        if self.mails == 1:
            server.transport.abort()
            return '421 4.3.2 never said'
        self.write(f'mail-{self.mails}.json', json.dumps([envelope.mail_from, envelope.rcpt_tos]).encode())
        self.write(f'mail-{self.mails}.eml', envelope.original_content)
        return '250 2.0.0 taken'


async def main():
    handler = Handler(sys.argv[1])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname='mx.reader.example'), '127.0.0.1', 0)
    handler.write('port', str(server.sockets[0].getsockname()[1]).encode())
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
