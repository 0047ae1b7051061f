"""What can go wrong with speech models; each message is a sentence that says what to do next.

ModelTrouble
  CatalogueError         the list of models is missing or wrong
  UnknownModelError      no model of that name
  MirrorError            ASKALOUD_MODELS names something unusable
  FolderError            the folder cannot be written to
  NoSpaceError           the disk is too full
  DownloadError
    OfflineError         nothing answers
    ProxyError           the network's proxy stands in the way
    SecureConnectionError  the other side cannot prove who it is
    SlowConnectionError  no answer in time
    ServerError          the server answers, but not with the file
    InterruptedDownloadError  the connection broke off; what has arrived is kept
    WrongFileError       the file is not the one the catalogue means
  ArchiveError           the archive is damaged
    UnsafeArchiveError   the archive tries to write where it must not
"""


class ModelTrouble(Exception):
    """Something about speech models failed."""


class CatalogueError(ModelTrouble):
    """The catalogue is missing or wrong."""


class UnknownModelError(ModelTrouble):
    """No model has that name."""


class MirrorError(ModelTrouble):
    """ASKALOUD_MODELS names something that is no folder and no address."""


class FolderError(ModelTrouble):
    """The folder for models cannot be written to."""


class NoSpaceError(ModelTrouble):
    """The disk has too little room."""


class DownloadError(ModelTrouble):
    """The file did not arrive."""


class OfflineError(DownloadError):
    """Nothing answers at the address."""


class ProxyError(DownloadError):
    """The proxy of the network cannot be used."""


class SecureConnectionError(DownloadError):
    """The server's certificate is not trusted."""


class SlowConnectionError(DownloadError):
    """No answer in time."""


class ServerError(DownloadError):
    """The server answers with an error."""


class InterruptedDownloadError(DownloadError):
    """The connection broke off again and again."""


class WrongFileError(DownloadError):
    """Size or checksum differ from the catalogue."""


class ArchiveError(ModelTrouble):
    """The archive is damaged, or holds no speech model."""


class UnsafeArchiveError(ArchiveError):
    """The archive would write outside its folder, or grow without bounds."""
