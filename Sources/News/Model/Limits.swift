/// Every limit on what comes from outside, in one place, with its unit and its reason.
public enum Limits {
    // Fetch
    /// Bytes of a feed body after decompression. The largest honest feeds seen are near 10 MB.
    public static let feedBytesMax = 16 << 20
    /// Bytes of an article page after decompression.
    public static let pageBytesMax = 8 << 20
    /// Bytes of all response headers together.
    public static let headerBytesMax = 256 << 10
    /// Redirects followed for one request, as browsers allow far more but feeds need few.
    public static let redirectsMax = 5
    /// Seconds to connect, TLS included.
    public static let connectSeconds = 15
    /// Seconds for one request, all redirects included.
    public static let requestSeconds = 60
    /// A body slower than `slowBytesPerSecond` for this long is given up.
    public static let slowSeconds = 20
    public static let slowBytesPerSecond = 64
    /// Seconds for one name to resolve.
    public static let resolveSeconds = 8
    /// Addresses of one name that are looked at.
    public static let addressesMax = 16
    /// Bytes of a URL, as most servers refuse longer ones.
    public static let urlBytesMax = 8192

    // Markup
    /// Entries of one feed document; newer ones come first in nearly all feeds.
    public static let entriesMax = 2000
    /// Bytes of one text field of an entry (content, summary); longer ones are cut.
    public static let entryFieldBytesMax = 2 << 20
    /// Element depth of XML feeds (libxml2's own default is 256).
    public static let xmlDepthMax = 256
    /// Nodes of a page that are looked at.
    public static let pageNodesMax = 500_000
    /// Characters of a title; longer ones are cut.
    public static let titleCharactersMax = 1000
    /// Bytes of an article's text that are kept.
    public static let articleBytesMax = 1 << 20
    /// Faults recorded for one document.
    public static let faultsMax = 20

    // News
    /// Sentences listed on each side of a change.
    public static let changedSentencesMax = 3
    /// Bytes of an entry's key; longer ids are kept as a hash.
    public static let entryKeyBytesMax = 512

    // Watch
    /// An entry that is ready waits at most so long for an earlier one that is not (seconds).
    public static let deskWaitSeconds = 10
    /// Entries that the desk files in one transaction.
    public static let deskBatchMax = 100
    /// Bytes of one configuration file.
    public static let configurationFileBytesMax = 4 << 20
}
