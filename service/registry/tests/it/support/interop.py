"""The python side of the interoperability tests (T-23)."""

import json
import os
import sys
import tempfile
from datetime import datetime, timedelta, timezone

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import DownloadHTTPError
from tuf.api.metadata import (
    DelegatedRole, Delegations, Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp,
)
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface


class Folder(FetcherInterface):
    """Serves a folder as a web host would."""

    def __init__(self, folder):
        self.folder = folder

    def _fetch(self, url):
        path = os.path.join(self.folder, url.removeprefix("folder:///"))
        if not os.path.exists(path):
            raise DownloadHTTPError("not found", 404)
        with open(path, "rb") as file:
            return iter([file.read()])


def download(folder, path):
    with open(os.path.join(folder, "metadata", "1.root.json"), "rb") as file:
        root = file.read()
    with tempfile.TemporaryDirectory() as cache:
        updater = Updater(
            metadata_dir=cache,
            metadata_base_url="folder:///metadata/",
            target_dir=cache,
            target_base_url="folder:///targets/",
            fetcher=Folder(folder),
            bootstrap=root,
        )
        updater.refresh()
        target = updater.get_targetinfo(path)
        assert target is not None, "not found"
        with open(updater.download_target(target), "rb") as file:
            sys.stdout.buffer.write(file.read())


def create(folder):
    expires = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=3)
    signer, other = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ecdsa()
    roles = {name: signer for name in ("root", "timestamp", "snapshot", "targets")}
    root = Root(expires=expires, consistent_snapshot=True)
    for name, role_signer in roles.items():
        root.add_key(role_signer.public_key, name)
    content = "Grüße\n".encode()
    delegated = Targets(expires=expires)
    entry = TargetFile.from_data("p/größe.txt", content, ["sha256", "sha512"])
    entry.unrecognized_fields["custom"] = {"note": "Ünïcödé"}
    delegated.targets["p/größe.txt"] = entry
    targets = Targets(expires=expires)
    role = DelegatedRole("other", [], 1, True, paths=["p/*"])
    targets.delegations = Delegations({}, {"other": role})
    targets.add_key(other.public_key, "other")
    snapshot = Snapshot(expires=expires, meta={"targets.json": MetaFile(1), "other.json": MetaFile(1)})
    timestamp = Timestamp(expires=expires)
    metadata = os.path.join(folder, "metadata")
    os.makedirs(metadata)
    files = {
        "1.root.json": (root, signer), "1.targets.json": (targets, signer), "1.other.json": (delegated, other),
        "1.snapshot.json": (snapshot, signer), "timestamp.json": (timestamp, signer),
    }
    for name, (signed, file_signer) in files.items():
        document = Metadata(signed)
        document.sign(file_signer)
        document.to_file(os.path.join(metadata, name))
    os.makedirs(os.path.join(folder, "targets", "p"))
    with open(os.path.join(folder, "targets", "p", entry.hashes["sha256"] + ".größe.txt"), "wb") as file:
        file.write(content)


def canonical(path):
    with open(path, encoding="utf-8") as file:
        print(encode_canonical(json.load(file)).encode().hex())


{"download": download, "create": create, "canonical": canonical}[sys.argv[1]](*sys.argv[2:])
