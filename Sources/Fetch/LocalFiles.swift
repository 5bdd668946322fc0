import Glibc
import News
import Synchronization

/// Reads documents of this machine that the administrator has named as sources.
///
/// Each is read on a thread of its own, for a file of a network that is gone holds whoever reads it, for ever; such threads are
/// few, and beyond them a file is not read.
final class LocalFiles: Sendable {
    enum Reading: Sendable {
        /// The same as when it had this tag: nothing but its metadata was looked at.
        case unchanged(tag: String)
        /// Without a tag when it was being written meanwhile.
        case bytes([UInt8], tag: String?)
    }

    private typealias Outcome = Result<Reading, FetchError>

    private let running = Mutex(0)

    /// - Parameter known: the tag of the last reading.
    func read(_ path: String, known: String?, bytesMax: Int, deadline: Duration) async throws(FetchError) -> Reading {
        let outcome = OneShot<Outcome>()
        let hasRoom = running.withLock { running in
            guard running < Limits.fileThreads else { return false }
            running += 1
            return true
        }
        guard hasRoom else {
            throw FetchError(.overloaded, "\(path): other files that hang hold every thread; it will be tried again")
        }
        let hasThread = WorkThread.start(name: "fetch-file") { [self] in
            outcome.give(Result { () throws(FetchError) in try Self.read(path, known, bytesMax) })
            running.withLock { $0 -= 1 }
        }
        guard hasThread else {
            running.withLock { $0 -= 1 }
            throw FetchError(.overloaded, "\(path): no thread to read it with; it will be tried again")
        }
        let timer = Task {
            try await Task.sleep(for: deadline)
            outcome.give(.failure(FetchError(.timedOut, "\(path): it could not be read in \(deadline)")))
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            await outcome.wait()
        } onCancel: {
            outcome.give(.failure(FetchError(.cancelled, "cancelled: \(path)")))
        }.get()
    }

    /// Blocks. A symbolic link in the last place is not followed: whoever may write in the folder could lead it to what only this
    /// service may read. Folders on the way may be links, but not into the kernel's own.
    private static func read(_ path: String, _ known: String?, _ bytesMax: Int) throws(FetchError) -> Reading {
        var status = stat()
        // Before it is opened, for that alone does something to a pipe or a device.
        guard lstat(path, &status) == 0 else { throw failure(path, errno) }
        try judge(path, status)
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw failure(path, errno) }
        defer { close(file) }
        guard fstat(file, &status) == 0 else { throw failure(path, errno) }
        try judge(path, status)
        guard !FileAddress.isMadeUp(place(of: file) ?? path) else {
            throw FetchError(.notAFile, "\(path) leads to a file that the kernel makes up")
        }
        let tag = tag(status)
        if tag == known { return .unchanged(tag: tag) }
        guard status.st_size <= bytesMax else { throw tooLarge(path, bytesMax) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size) + 1)
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
                let count = Glibc.read(file, buffer.baseAddress, buffer.count)
                if count > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(buffer)[..<count]) }
                return count
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { break }
            guard bytes.count <= bytesMax else { throw tooLarge(path, bytesMax) }
        }
        let isWhole = fstat(file, &status) == 0 && self.tag(status) == tag && bytes.count == Int(status.st_size)
        return .bytes(bytes, tag: isWhole ? tag : nil)
    }

    private static func judge(_ path: String, _ status: stat) throws(FetchError) {
        let what: String? =
            switch status.st_mode & S_IFMT {
            case S_IFREG: nil
            case S_IFLNK: "a symbolic link: name the file that it leads to"
            case S_IFDIR: "a folder"
            default: "a pipe, a socket or a device"
            }
        if let what { throw FetchError(.notAFile, "\(path) is \(what)") }
    }

    /// Another file in its place, another size, or another moment at which it was written or put there.
    private static func tag(_ status: stat) -> String {
        let (written, changed) = (status.st_mtim, status.st_ctim)
        return "\"\(status.st_dev)-\(status.st_ino)-\(status.st_size)-\(written.tv_sec).\(written.tv_nsec)"
            + "-\(changed.tv_sec).\(changed.tv_nsec)\""
    }

    private static func place(of file: Int32) -> String? {
        var name = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/fd/\(file)", &name, name.count)
        return count > 0 ? String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    private static func failure(_ path: String, _ code: Int32) -> FetchError {
        switch code {
        case ENOENT, ENOTDIR: FetchError(.noFile, "there is no file \(path)")
        case ELOOP: FetchError(.notAFile, "\(path) is a symbolic link: name the file that it leads to")
        default: FetchError(.unreadableFile, "\(path) cannot be read: \(String(cString: strerror(code)))")
        }
    }

    private static func tooLarge(_ path: String, _ bytesMax: Int) -> FetchError {
        FetchError(.tooLarge, "\(path) is larger than \(bytesMax) bytes")
    }
}

extension Fetcher {
    /// A document of this machine in the form of an answer: 200 with what stands for an ETag, or 304.
    func file(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        guard let path = FileAddress.path(of: request.url) else {
            throw FetchError(.badAddress, "\(request.url.prefix(300)) names no file – \(FileAddress.rule)")
        }
        let held = HeldBytes(permits)
        func answer(_ status: Int, _ tag: String?, _ body: [UInt8] = []) -> FetchResponse {
            held.take(body.count)
            return FetchResponse(
                url: request.url, status: status, headers: HTTPHeaders(tag.map { [("ETag", $0)] } ?? []), body: body,
                hops: [], address: nil, held: held)
        }
        switch try await files.read(
            path, known: request.validators.etag, bytesMax: request.limits.bodyBytesMax,
            deadline: request.limits.deadline)
        {
        case .unchanged(let tag): return answer(304, tag)
        case .bytes(let bytes, let tag): return answer(200, tag, bytes)
        }
    }
}
