import News

/// Everything that people write for feedwatch, read, checked and merged: all of it or nothing.
public struct Configuration: Sendable {
    public var settings: Settings
    /// Those in play: in no pack, in a pack that is on, or turned on by name. Sorted by id, disabled ones included.
    public var sources: [Source]
    /// The others, whose packs are off. Sorted by id; none is enabled.
    public var offered: [Source]
    /// Sorted by id.
    public var topics: [Topic]
    /// Sorted by id.
    public var entities: [Entity]
    /// The files that were read, as opened, in the order in which they were read.
    public var files: [String]
    /// SHA-256 in hexadecimal over the names, relative to their layer, and bytes of `files`; readers see a prefix of it.
    public var hash: String
    /// Those of the layers, the vendor's first: beside the files there are examples of topics in them.
    public var folders: [String] = []
    /// What is allowed and worth a look, sorted by place.
    public var warnings: [ConfigurationFault]

    public init(
        settings: Settings, sources: [Source], offered: [Source], topics: [Topic], entities: [Entity], files: [String],
        hash: String,
        warnings: [ConfigurationFault]
    ) {
        self.settings = settings
        self.sources = sources
        self.offered = offered
        self.topics = topics
        self.entities = entities
        self.files = files
        self.hash = hash
        self.warnings = warnings
    }

    /// Reads both layers of `location`.
    ///
    /// Blocks on file reads. Throws every fault of every file at once; a caller that reloads keeps what it has.
    /// - Parameter topicFile: a topic file to read in place of the folders' topics; nil reads these.
    public static func load(
        _ location: ConfigurationLocation, topicFile: String? = nil
    ) throws(ConfigurationErrors) -> Configuration {
        var layers = ConfigurationLayers.read(location)
        if let topicFile { layers.replaceTopics(by: topicFile) }
        // A folder that is read alone with its main file as it ships is configured by nobody yet: nobody's contact is missing.
        var builder = ConfigurationBuilder(
            layers, folder: location.folder, vendor: location.vendor,
            asksForContact: location.vendor != nil || !layers.hasSampleMain)
        var configuration = builder.build()
        guard builder.faults.isEmpty else { throw ConfigurationErrors(builder.faults) }
        configuration.folders = [location.vendor, location.folder].compactMap(\.self)
        return configuration
    }
}
