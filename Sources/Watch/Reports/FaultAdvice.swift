import News

/// What an operator can do about a source that cannot be read, by the fault's stable word.
enum FaultAdvice {
    static func words(for fault: Fault?) -> String {
        switch fault?.code {
        case "timed-out", "too-slow", "interrupted", "flood", "server-error", "status", "no-content", "partial",
            "bad-encoding":
            "it is tried again by itself; if it goes on, open the address in a browser"
        case "unresolved": "check the name in its address, and that names resolve on this machine"
        case "refused-connection", "unreachable": "check its address, and this machine's way to it"
        case "tls", "tls-expired", "tls-wrong-host", "tls-unknown-ca":
            "check this machine's clock; else the server's certificate has to be mended by its webmaster"
        case "proxy": "check that the proxy of its via runs, and its login"
        case "credential": "\"feedwatch check\" prints the drop-in that gives the service its secrets"
        case "robots": "look for a feed of the same outlet, or write robots: {ignore: …} with your reason"
        case "robots-unread": "it is asked for again within the hour"
        case "too-many-redirects", "bad-address", "scheme", "not-http", "not-found", "gone":
            "find its present address, or switch it off with enabled: false"
        case "private-address": "set private_hosts: true if it is a host of your own"
        case "no-file", "not-a-file": "put the file there, or change its address"
        case "unreadable-file": "let the service's user read it and search its folders; \"feedwatch check\" says more"
        case "too-large", "headers-too-large", "compression": "look for a smaller feed of the same outlet"
        case "overloaded": "raise polling.in_flight"
        case "not-a-feed", "empty", "not-html": "open the address in a browser: it may have moved, or ask for a human"
        case "refused": "ask its webmaster to let the contact in the User-Agent in, or switch it off"
        case "challenge":
            "ask its webmaster to let the contact in the User-Agent in, or look for another feed of the outlet"
        case "throttled": "raise its interval"
        case "quarantined":
            "switch it off with enabled: false, or let the running service try it again with \"feedwatch poll ID\"; and please "
                + "report the document"
        default: "\"feedwatch status --source ID\" shows more; it is tried again by itself"
        }
    }
}
