import Foundation
import Glibc
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// `sudo feedwatch …` on the service's state.
@Suite struct StateOwnerTests {
    /// The user and the group of every file of a state that is of another owner.
    private func strangers(_ folder: String, user: uid_t, group: gid_t) -> [String] {
        ([""] + (FileManager.default.subpaths(atPath: folder) ?? [])).filter { name in
            var status = stat()
            return lstat("\(folder)/\(name)", &status) != 0 || status.st_uid != user || status.st_gid != group
        }
    }

    @Test(
        "Root leaves no file of its own in a state that belongs to another user, whatever the command",
        .enabled(if: geteuid() == 0, "only root can be another user"))
    func root() async throws {
        let polls = Counter()
        let news = (id: "1", title: "Allies plan a joint headquarters to deter China", text: "One step more.")
        let server = try LoopbackServer { _ in
            Playground.rss(polls.add() == 1 ? [ControlTests.old] : [news, ControlTests.old])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        let state = playground.state.path
        try #require(mkdir(state, 0o750) == 0 && chown(state, 1234, 2345) == 0)
        chmod(playground.folder, 0o755)
        // The configuration is read before, by root: the owner of the state need not be able to.
        chmod(playground.config, 0o700)
        let folders = ["--config", playground.config, "--state", state]
        for (time, command) in [("08:00", "once"), ("10:00", "once"), ("11:00", "digest")] {
            let run = try await CommandRun([command, "--now", "2025-03-30T\(time):00Z"] + folders)
            #expect(run.status == 0, "\(run)")
            #expect(strangers(state, user: 1234, group: 2345).isEmpty, "\(command)")
        }
        let store = try Store(path: playground.state.database, readOnly: true)
        let story = try #require(try store.story(at: "https://outlet.example/1"))
        store.close()
        for suffix in ["-wal", "-shm"] { unlink(playground.state.database + suffix) }
        for command in [
            ["status"], ["explain", story.shownID], ["yes", story.shownID, "--topic", "deterrence"],
        ] { #expect(try await CommandRun(command + folders).status == 0, "\(command)") }
        #expect(try await CommandRun(["mute", story.shownID, "--for", "1d", "--state", state]).status == 0)
        #expect(strangers(state, user: 1234, group: 2345).isEmpty)
        #expect(playground.files(".md").count == 3 && playground.files(".txt").count == 1)
    }

    @Test(
        "An owner who cannot get at the folder is told of, not replaced by root",
        .enabled(if: geteuid() == 0, "only root can be another user"))
    func unreachable() async throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        try #require(mkdir(playground.state.path, 0o750) == 0 && chown(playground.state.path, 1234, 2345) == 0)
        chmod(playground.folder, 0o700)
        let run = try await CommandRun(["once", "--config", playground.config, "--state", playground.state.path])
        #expect(run.status == 1 && run.words.contains("belongs to user 1234, who cannot write there"), "\(run)")
        #expect(playground.files("").isEmpty)
    }
}
