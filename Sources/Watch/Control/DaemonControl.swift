import Glibc
import Logging
import News
import Storage

extension Daemon {
    /// Opens the control socket. Where that fails the daemon says so and goes on: watching matters more than being told.
    func openControl(at folder: RuntimeFolder, lock: StateLock) -> ControlServer? {
        do {
            try folder.create()
            let tell: @Sendable (Result<String, StateError>) -> Void = { [log] found in
                switch found {
                case .success(let words): log.notice("\(words)", metadata: ["stage": "control"])
                case .failure(let error):
                    log.error(
                        "the control socket is gone, and cannot be made again: \(error)", metadata: ["stage": "control"]
                    )
                }
            }
            let server = try ControlServer(path: folder.controlSocket, tell: tell) { [weak self] request, peer in
                await self?.answer(request, from: peer) ?? ControlAnswer(exit: 75, words: ["feedwatch is stopping"])
            }
            lock.note(socket: folder.controlSocket)
            return server
        } catch {
            log.error("no command can be given to this process: \(error)", metadata: ["stage": "control"])
            return nil
        }
    }

    private func answer(_ request: ControlRequest, from peer: ControlPeer?) async -> ControlAnswer {
        let station = station
        do {
            switch request {
            case .status:
                return ControlAnswer(
                    status: ControlAnswer.DaemonFacts(
                        process: getpid(), version: feedwatchVersion, configuration: station.configuration.hash,
                        sources: station.enabledSources.count))
            case .reload:
                note("reload", peer)
                return await reload()
            case .poll(let source): return try await poll(source, for: peer, station)
            case .mute(let story, let seconds):
                let answer = try await Office.shared.run {
                    try Muting(store: station.store, clock: station.clock).answer(story, seconds: seconds)
                }
                note(answer.words.first ?? "", peer)
                return answer
            case .judge(let story, let verdict, let topic, let remark):
                let answer = try await Office.shared.run {
                    try Judging(
                        station.configuration, store: station.store, state: station.state, clock: station.clock
                    ).answer(story, verdict, topic: topic, note: remark)
                }
                await learn()
                note(answer.words.first ?? "", peer)
                return answer
            case .split(let article):
                let answer = try await station.desk.rearrange { try Rearranging(store: station.store).split(article) }
                note(answer.words.first ?? "", peer)
                return answer
            case .join(let story, let other):
                let answer = try await station.desk.rearrange {
                    try Rearranging(store: station.store).join(story, other)
                }
                note(answer.words.first ?? "", peer)
                return answer
            case .reclassify(let since):
                note("reclassify since \(since)", peer)
                return try await reclassify(since: since, station)
            case .forgetSite(let site):
                let answer = try await Office.shared.run { try SiteMemories(store: station.store).forget(site) }
                note(answer.words.first ?? "", peer)
                return answer
            case .forget(let subject):
                let forgetting = Forgetting(store: station.store, state: station.state, clock: station.clock)
                let forgotten = try await station.desk.forget(subject, by: forgetting)
                // Not what it was.
                note("\(forgotten.articles.count + forgotten.entries.count) articles forgotten", peer)
                return await Task(executorPreference: station.workers) { forgetting.answer(forgotten) }.value
            }
        } catch {
            return ControlAnswer(failed: error)
        }
    }

    /// A reload meanwhile does not change by which configuration: it is the one that the service had when it was told.
    private func reclassify(since: Timestamp, _ station: Station) async throws -> ControlAnswer {
        let work = Reclassifying(
            station.configuration, engine: station.pipeline.engine, store: station.store,
            rules: AlertDesk(station.configuration, zone: station.zone))
        let outcome = try await Task(executorPreference: station.workers) { try await work.run(since: since) }.value
        await station.desk.restoreIndex()
        return work.answer(outcome)
    }

    /// Makes a source due. It is still asked by the rules: one request at a time to its server, and none where that, or its
    /// domain, asked for rest.
    private func poll(_ id: SourceID, for peer: ControlPeer?, _ station: Station) async throws -> ControlAnswer {
        let now = station.clock.now()
        let source = station.sources[id]
        if let source, source.enabled, !scheduler.isPolling(id) {
            let rest = await station.pipeline.rest(of: source, at: now)
            let wish = try await Office.shared.run {
                try station.pipeline.quarantine.release(id)
                return try station.store.hasten(source, resting: rest, at: now)
            }
            switch wish {
            case .due:
                scheduler.set([DueJob(kind: .poll, key: id, at: now)])
                note("poll of \(id)", peer)
                return ControlAnswer(words: ["\(id) is asked now"])
            case .justAsked(let at):
                return ControlAnswer(
                    exit: 75,
                    words: ["\(id) was asked \(now.seconds - at.seconds) s ago – once a minute is the most"])
            case .throttled(let until):
                return ControlAnswer(
                    exit: 75, words: ["the server of \(id) asked for rest – it is asked again at \(until)"])
            case .resting(let rest):
                return ControlAnswer(
                    exit: 75,
                    words: [
                        "\(id) is not asked: \(rest.words) until \(rest.until) – it is asked by itself after that; if that "
                            + "goes on, raise the interval of the sources of \(rest.domain)"
                    ])
            }
        }
        guard let source else {
            throw await UnknownName.source(id, in: station)
        }
        return source.enabled
            ? ControlAnswer(words: ["\(id) is being asked already"])
            : ControlAnswer(exit: 1, words: ["\(id) is off – \"feedwatch sources\" says why"])
    }

    private func note(_ what: String, _ peer: ControlPeer?) {
        let user = peer.map { "\($0.user)" } ?? "unknown"
        log.notice(
            "told: \(what)",
            metadata: ["stage": "control", "uid": "\(user)", "pid": "\(peer.map { "\($0.process)" } ?? "unknown")"])
    }
}

extension UnknownName {
    /// Looks for the nearest of perhaps a hundred thousand names, on a thread that may.
    fileprivate static func source(_ id: SourceID, in station: Station) async -> UnknownName {
        let known = Array(station.sources.keys)
        return await Task(executorPreference: Office.shared) {
            UnknownName("source", id, among: known, hint: "\"feedwatch sources\" lists all")
        }.value
    }
}
