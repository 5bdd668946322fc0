/// Every limit on what comes from outside, in one place, with its unit and its reason.
///
/// Lengths that tell one kind of text from another (a byline has less than 120 bytes), and how far such a rule looks, are no
/// limits: they stand with what they decide.
public enum Limits {
    // Fetch
    /// Bytes of a feed body after decompression. The largest honest feeds seen are near 10 MB.
    public static let feedBytesMax = 16 << 20
    /// Bytes of an article page after decompression.
    public static let pageBytesMax = 8 << 20
    /// Bytes of a sitemap after decompression, as its protocol allows.
    public static let sitemapBytesMax = 50 << 20
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
    /// Seconds after which what our own congestion held up is tried again.
    public static let congestedRetrySeconds = 60
    /// Hosts whose last request is remembered for the pause after it; beyond, those whose pause is over are forgotten.
    public static let hostsKept = 4096
    /// Seconds after which a host that is asked again finds its connection closed, with most servers.
    public static let metAgainSeconds = 60
    /// Seconds of freshness that are believed: a wrong header must not blind us for a month.
    public static let freshnessSeconds = 86_400
    /// Seconds of a `Retry-After` that are obeyed: a server may ask for a week of rest, not for ever.
    public static let retryAfterSeconds = 7 * 86_400
    /// Seconds for which one address's wish for rest holds back its domain's other addresses.
    public static let domainRestSeconds = 86_400
    /// Addresses of one name that are looked at.
    public static let addressesMax = 16
    /// Seconds that a resolved name, and a name that did not resolve, are remembered.
    public static let resolvedSeconds = 300
    public static let unresolvedSeconds = 60
    /// Seconds after that in which an old answer still serves where a new one is not to be had, and milliseconds for which the new
    /// one is waited for first (RFC 8767 §5).
    public static let staleNameSeconds = 86_400
    public static let staleNameWaitMilliseconds = 1800
    /// Threads that look names up, whatever happens to DNS.
    public static let resolverThreads = 4
    /// Names that are remembered.
    public static let namesMax = 20_000
    /// Header fields of one response.
    public static let headerFieldsMax = 500
    /// Bytes of the body of an error or a redirect that are read: the server's words, for the operator.
    public static let errorBodyBytesMax = 64 << 10
    /// A body may be this many times as large as what was received; the best honest feeds reach about 30.
    public static let compressionRatioMax = 100
    /// The ratio is not looked at below so many bytes.
    public static let compressionFreeBytes = 1 << 20
    /// Bytes of an ETag or a Last-Modified that is kept.
    public static let validatorBytesMax = 2048
    /// Milliseconds of the processor that one connection may take of one look at all of them, as a body of the largest size takes a
    /// tenth of that; and how often it is looked whether one does. Three times as long: none is then both at the end of one look
    /// and at the beginning of the next by chance.
    public static let loopCallMilliseconds = 750
    public static let loopWatchMilliseconds = 250
    /// Bytes of a URL, as most servers refuse longer ones.
    public static let urlBytesMax = 8192

    /// Threads that read files as sources; one of a network that is gone holds its thread until that is back.
    public static let fileThreads = 4

    // Delivery
    /// Deliveries at a time: each has a thread, for libcurl waits for some of a mail server's replies in one piece.
    public static let deliveriesMax = 8
    /// Seconds for a mail as a whole, and for one reply of its server (RFC 5321 §4.5.3.2 has five minutes): who gives up
    /// earlier sends a mail twice that was only slow to be taken.
    public static let mailSeconds = 900
    public static let mailReplySeconds = 300
    /// Seconds for a reply after a refusal, which servers put off on purpose, and for the goodbye after a mail was taken.
    public static let mailRefusedReplySeconds = 30
    public static let mailGoodbyeSeconds = 5
    /// Seconds for a webhook as a whole.
    public static let postSeconds = 60
    /// Bytes of a mail, as most servers take no more than 10 MB; of one line of it without its end (RFC 5321 §4.5.3.1.6).
    public static let mailBytesMax = 10 << 20
    public static let mailLineBytesMax = 998
    /// Recipients of one mail: as many as every server takes (RFC 5321 §4.5.3.1.8).
    public static let mailRecipientsMax = 100
    /// Bytes of an address before its @ (RFC 5321 §4.5.3.1.1).
    public static let mailLocalPartBytesMax = 64
    /// Bytes of a webhook's body, and of one line of its own headers, as servers' usual limits are.
    public static let postBytesMax = 10 << 20
    public static let postHeaderBytesMax = 8192
    public static let postHeadersMax = 50

    // Markup
    /// Bytes of a feed document: the most that `body_max` can be.
    public static let parsedBytesMax = 64 << 20
    /// Entries of one feed document that are taken, the newest.
    public static let entriesMax = 2000
    /// Entries of one feed document that are read to find the newest.
    public static let documentEntriesMax = 50_000
    /// Bytes of one text field of an entry (content, summary); longer ones are cut.
    public static let entryFieldBytesMax = 2 << 20
    /// Bytes in which what is not JSON from its first character must name itself a JSON Feed.
    public static let jsonHeadBytesMax = 4096
    /// Depth of JSON feeds (Foundation's own limit).
    public static let jsonDepthMax = 512
    /// Element depth of XML feeds (libxml2's own default is 256).
    public static let xmlDepthMax = 256
    /// Seconds of the processor for the reading of one page: an ordinary one takes some thousandths.
    public static let pageSeconds = 10
    /// Nodes of a page that are looked at.
    public static let pageNodesMax = 500_000
    /// Element depth of a page that is kept; deeper elements count as children of the one at this depth.
    public static let pageDepthMax = 512
    /// Bytes by which references that are made absolute may lengthen a document's texts.
    public static let resolvedReferenceBytesMax = 1 << 20
    /// Bytes of one tag that libxml2 gets to read unrepaired.
    public static let elementTagBytesMax = 4096
    /// Declarations of namespaces in one feed; looking for one costs time in proportion to those that are open.
    public static let namespaceDeclarationsMax = 512
    /// Attributes of one element that are looked at.
    public static let elementAttributesMax = 64
    /// Attributes of one tag that are parsed: libxml2 compares each with all before it, an hour for a page of them.
    public static let tagAttributesMax = 256
    /// Bytes of a feed element's name; longer ones begin no tag.
    public static let elementNameBytesMax = 256
    /// Bytes before a feed's root element in which its DOCTYPE is looked for.
    public static let prologBytesMax = 64 << 10
    /// Entities that a DOCTYPE declares, as HTML has 252 and some feeds declare them all; bytes of a name and of a value.
    public static let entitiesMax = 256
    public static let entityNameBytesMax = 64
    public static let entityValueBytesMax = 4096
    /// How deep entities may name each other; honest ones do once or twice.
    public static let entityDepthMax = 8
    /// Bytes of one document that come from its own entities, which may multiply.
    public static let entityBytesMax = 1 << 20
    /// Open elements that are compared for a document's unmatched end tags, which hostile nesting would make quadratic.
    public static let endTagComparisonsMax = 4_000_000
    /// Bytes behind a tag in a text in which its end is looked for, and all that may be looked through for one document's tags.
    public static let tagLookaheadEachBytesMax = 16 << 10
    public static let tagLookaheadBytesMax = 32 << 20
    /// Namespaces of one feed that are remembered.
    public static let namespacesMax = 64
    /// People, enclosures and categories of one entry.
    public static let peopleMax = 64
    public static let enclosuresMax = 64
    public static let categoriesMax = 256
    /// Bytes of a document that is no feed in which it is looked for what it is instead.
    public static let refusedBytesMax = 64 << 10
    /// `<h1>`, `<time>` and the like, and elements of a class such as `date` or `byline`, of one page that are looked at: the
    /// article's own are among the first.
    public static let pageHeadingsMax = 8
    /// Nodes of one heading in which its links and runs of text are looked for.
    public static let headingNodesMax = 40
    public static let pageTimesMax = 40
    public static let pageDatesMax = 60
    public static let pageBylinesMax = 500
    /// Statements of a publisher's terms in the headers of an answer, and rules of one; characters of one; and characters of the
    /// sentence that is kept where a text may not be.
    public static let pageTermsMax = 50
    public static let pageTermsCharactersMax = 2000
    public static let keptQuoteCharactersMax = 600
    /// What is remembered of a site: pages, days, lines of one page (the first and last; a site's own stand there), and
    /// characters of where the article stood and of a line that is shown to people. Together some 20 KB a site.
    public static let sitePagesMax = 40
    public static let siteDaysMax = 60
    public static let siteLinesMax = 40
    public static let siteContainerCharactersMax = 200
    public static let siteLineShownMax = 80
    /// Days after which nothing is known any more of a site of which no page was read.
    public static let siteKeptDays = 90
    /// Paragraphs of a page in which signs of a paywall or challenge are looked for.
    public static let pageParagraphsMax = 2000
    /// Values of all JSON-LD of a page, and how deep they may nest.
    public static let linkedDataValuesMax = 50_000
    public static let linkedDataDepthMax = 64
    /// Bytes of all JSON-LD of a page that are read.
    public static let linkedDataBytesMax = 2 << 20
    /// Authors of one article that are kept.
    public static let authorsMax = 20
    /// Captions of one article that are kept.
    public static let captionsMax = 60
    /// Bytes of one line of an article's data (an author, a place, a section).
    public static let articleFieldBytesMax = 2000
    /// Characters of a title; longer ones are cut.
    public static let titleCharactersMax = 1000
    /// Bytes of an article's text that are kept.
    public static let articleBytesMax = 1 << 20
    /// Links of a listing page that are looked at; long archives have some thousands.
    public static let listingAnchorsMax = 10_000
    /// Anchors within each other that are looked at: honest pages have none, broken ones a few.
    public static let anchorNestingMax = 4
    /// Characters of a CSS selector, and compounds in all of it: they are the bits of one word while it is matched.
    public static let selectorCharactersMax = 1000
    public static let selectorPartsMax = 64
    /// Addresses of one sitemap, as its protocol allows, and sitemaps of one index that are read in one poll.
    public static let sitemapAddressesMax = 50_000
    public static let sitemapChildrenMax = 5
    /// Faults recorded for one document.
    public static let faultsMax = 20

    // News
    /// Sentences listed on each side of a change.
    public static let changedSentencesMax = 3
    /// Changes of one article that are kept, the newest: a live page changes with every poll.
    public static let changesMax = 40
    /// Bytes of an entry's key; longer ids are kept as a hash.
    public static let entryKeyBytesMax = 512

    /// Entities, numbers and rules that a story is remembered to have said, of each kind.
    public static let alertFactsMax = 500
    /// Of each kind of news that one update tells.
    public static let alertNewsMax = 20
    /// Alerts of one story whose files are remembered: the first and the newest.
    public static let alertFilesKept = 50
    /// Texts folded into an alerted story whose times are remembered: a live page brings one with every poll.
    public static let foldedKept = 200

    // News and Publish
    /// Held stories that one file tells whole; of further ones it has the headline.
    public static let heldWholeMax = 100
    /// Texts at one address that are remembered as published: of a feed whose entries share one link more than an alert or
    /// an issue a day for a month.
    public static let publishedTextsMax = 200
    /// Stories and sources that the alert of an indicator names: one that counts more is read in the issue.
    public static let indicatorStoriesMax = 50
    public static let indicatorSourcesMax = 50
    /// Alerts that `alerts.atom` has, the newest: what a reader's program fetches once an hour or more seldom.
    public static let alertFeedMax = 50
    /// Sections within each other in a template; the built-in ones nest three deep.
    public static let templateNestingMax = 16
    /// Stories that `stories.atom` has, those of the newest issues, and issues that are read for it: what a reader's program that
    /// is away for a week finds.
    public static let storiesFeedMax = 200
    public static let storiesFeedIssuesMax = 31
    /// Earlier issues that a correction is looked up in.
    public static let earlierIssuesMax = 400
    /// Bytes of a time zone file; tzdata's largest is 4 KB.
    public static let zoneFileBytesMax = 256 << 10
    /// Topics, texts and links of one story that readers are shown; more are counted.
    public static let shownPerStoryMax = 40
    /// Bytes of any one text from outside in an alert or digest.
    public static let shownTextBytesMax = 4000
    /// Characters of a headline in a line of Markdown or HTML, and in a mail's subject; the JSON has all that is shown of it.
    public static let headlineCharactersMax = 200
    /// Marks in a row that are shown; more stack up over the lines above, and no script needs so many.
    public static let shownMarksMax = 5

    /// Issues whose files are read for the list of issues: a quarter of a year. Of older ones the day is told.
    public static let indexIssuesReadMax = 92
    /// Bytes of an issue's JSON that the list reads; forty stories of forty articles have 2 MB.
    public static let issueBytesMax = 16 << 20
    /// Names of one folder that are looked at: a century of issues in three forms, and more.
    public static let folderNamesMax = 200_000

    /// Bytes of one file of a labelled example: an article's text with its head.
    public static let exampleBytesMax = 2 << 20
    /// Files of one folder of labelled examples; what a reader can judge in years.
    public static let examplesMax = 20_000
    /// Articles of a story, its first and as many of its newest, that rules about newsrooms look at with each new one: a live
    /// page's story has thousands.
    public static let newsroomMembersMax = 60
    /// Articles that are scored anew in one transaction: some 100 ms, in which nobody else can write.
    public static let reclassifiedBatchMax = 200
    /// Days that a back-test looks back at: a year, of which texts are kept for 90 days by default.
    public static let backtestDaysMax = 366
    /// Alerts and stories that a back-test lists, one by one; more than anyone reads. All are counted.
    public static let backtestChangesMax = 2000
    /// Articles of one story that a back-test judges: a live page's story has thousands, and the first say what it is.
    public static let backtestMembersMax = 500
    /// Words and East Asian characters of a headline that a topic's model looks at; longer ones are no headlines.
    public static let titleTermWordsMax = 60
    /// Terms of a headline that a match keeps to say what a model weighed.
    public static let learnedTermsMax = 8
    /// Texts of one story that are kept as examples; copies of one text count once.
    public static let examplesPerStoryMax = 8

    // Publish
    /// Bytes of a digest or alert that is read back; those of a hundred thousand sources have a few megabytes.
    public static let publishedFileBytesMax = 256 << 20
    /// Bytes of a log's end in which an id is looked for: years of alerts.
    public static let logTailBytes = 8 << 20

    // Tools
    /// Bytes of one JSON line; an article's text has at most a megabyte.
    public static let documentLineBytesMax = 16 << 20

    // Storage
    /// Seconds without a good read after which the time in which an entry is missed begins anew: what was not seen for so
    /// long may have been listed all the while.
    public static let sightGapSeconds: Int64 = 30 * 86_400
    /// Seconds of time that one retention catches up with: a clock that is wrong by years for a day must not empty the
    /// database.
    public static let retentionStepSeconds: Int64 = 7 * 86_400
    /// Articles whose texts, and rows that are dropped in one transaction: the writer is held for some milliseconds.
    public static let retentionBatchMax = 200
    /// Damaged databases that are set aside by themselves: where there are more, the disk is to be looked at first.
    public static let setAsideMax = 5
    /// Seconds before the loss of a database in which an issue is looked for that ended what is no news any more: two days,
    /// for a day's issue may have been late.
    public static let lossNewsSeconds: Int64 = 2 * 86_400
    /// Bytes of freed pages from which on a database is written anew of which they are a quarter.
    public static let vacuumedBytesMin = 64 << 20
    /// Bytes of a database that is looked through after an unclean stop; of a larger one damage is found where it is read.
    public static let lookedThroughBytesMax = 1 << 30

    // Watch
    /// Issues whose files `status` compares with what was published, the newest: a month.
    public static let recordIssuesMax = 31
    /// Days of one simulation: five years of a small configuration take an hour.
    public static let simulatedDaysMax = 2000
    /// Bytes of one request to the control socket: an address of `urlBytesMax` bytes and the words around it.
    public static let controlRequestBytesMax = 10 << 10
    /// Clients of the control socket at a time; for a further one the one that has waited longest is sent away.
    public static let controlConnectionsMax = 16
    /// Seconds that a client has to send a request whole, and to take its answer.
    public static let controlSeconds = 10
    /// Seconds that a command waits for the daemon: a reload of a hundred thousand sources takes ten.
    public static let controlAnswerSeconds = 120
    /// The same for scoring anew all that is kept: a million articles on a small machine.
    public static let reclassifyAnswerSeconds = 3600
    /// Lines of an answer that are for people, as a faulty configuration may have a thousand; bytes of a whole answer.
    public static let controlWordsMax = 100
    public static let controlAnswerBytesMax = 1 << 20
    /// Files that quote what was forgotten and are listed in one answer.
    public static let quotingFilesMax = 2000
    /// Seconds that a story can be muted for: a year.
    public static let muteSecondsMax: Int64 = 366 * 86_400
    /// How often a page is asked for that our own congestion keeps from us, and the seconds between.
    public static let congestedTriesMax = 4
    public static let congestedSeconds = 5
    /// A poll made so much after its due time was missed before (seconds): feedwatch was not running, or busy.
    public static let lateSeconds: Int64 = 3600
    /// Polls in one transaction, about: each more costs the same from some dozens on, and the desk waits for it.
    public static let pollsTogetherMax = 100
    /// Entries of a source that `status --source` lists.
    public static let recentEntriesMax = 10
    /// Paragraphs with hits that `explain` shows of one article, and places in one text.
    public static let explainedParagraphsMax = 100
    public static let explainedPlacesMax = 2000
    /// Bytes of the words of one log line; journald breaks lines of 48 KB.
    public static let logMessageBytesMax = 16 << 10
    /// Problems of one kind in `status.json`, which is written once a minute.
    public static let statusFilePerKindMax = 50
    /// Bytes of a `status.json` that is read back: those problems, each with the longest words that a server may give.
    public static let statusFileBytesMax = 16 << 20
    /// Bytes of what the holder of a state's lock writes down: its number, and a socket's path of at most 107 bytes.
    public static let lockNotesBytesMax = 4096
    /// Lines of one reload in the log.
    public static let reloadLinesMax = 24
    /// An entry that is ready waits at most so long for an earlier one that is not (seconds).
    public static let deskWaitSeconds = 10
    /// An entry whose page has not come after so long is filed with the feed's own words where these match a topic
    /// (seconds): an alert is promised within a minute of the poll.
    public static let pageWaitSeconds = 40
    /// Pending entries that are taken up at a time, a multiple of `deskBatchMax`, and those of one source that are being
    /// read at a time: each is held in memory with its text.
    public static let queueTakenMax = 1000
    public static let queueTakenPerSourceMax = 100
    /// Documents in which half of a source's known entries, and so many at least, stood under other ids, until its entries are
    /// known by their addresses: one may be a site that has moved.
    public static let changedIDsDocuments = 3
    public static let changedIDsMin = 3
    /// Hours after an issue at which its articles' pages are read again: most silent edits are made in the first day.
    public static let rereadHours = [1, 6, 24]
    /// Pages that are taken up at a time to be read again; the others follow at once.
    public static let rereadsTakenMax = 200
    /// What came of re-reads is counted in the next issue, and kept for longer than any issue is late (seconds).
    public static let rereadsKeptSeconds: Int64 = 14 * 86_400
    /// Entries that the desk files in one transaction.
    public static let deskBatchMax = 100
    /// Bytes of a secret's file; tokens of a few kB are the longest in use.
    public static let credentialBytesMax = 16 << 10
    /// Bytes of a robots.txt that count; RFC 9309 §2.5 asks for no less than 500 KiB.
    public static let robotsBytesMax = 500 << 10
    /// Rules of one robots.txt; the longest that are known have some thousands.
    public static let robotsRulesMax = 20_000
    /// A robots.txt is asked for again after a day (RFC 9309 §2.4); after an hour where the server did not answer.
    public static let robotsSeconds = 86_400
    public static let robotsUnreachedSeconds = 3600
    /// What a server has said stands for a month while it does not answer, and is forgotten then.
    public static let robotsKeptSeconds = 30 * 86_400
    /// Servers whose rules are kept in memory.
    public static let robotsInMemoryMax = 500
    /// Octets that are compared for one path: a thousandth of a second.
    public static let robotsStepsMax = 4_000_000
    /// Cookies of one chain of redirects; browsers keep some 50 to 180 of a server.
    public static let cookiesMax = 100
    /// Bytes of a path in the configuration; Linux takes 4096, and a name beside it must have room.
    public static let pathBytesMax = 4000
    /// Bytes of one configuration file.
    public static let configurationFileBytesMax = 4 << 20
    /// Values of one configuration file with its aliases replaced; what an honest file of 4 MB can hold.
    public static let yamlNodesMax = 500_000
    /// Nesting of a configuration file with its aliases replaced; freeing deeper trees would overflow the stack.
    public static let yamlDepthMax = 64
    /// Faults of one configuration file; nobody reads more before mending these.
    public static let configurationFaultsMax = 1000
    /// Items of one list, and languages of one mapping.
    public static let configurationItemsMax = 5000
    public static let configurationLanguagesMax = 64
}
