import News

/// What templates show of a story, in one form. Names are the templates'.
struct StoryView {
    struct Change {
        let label: String
        let words: String
    }

    /// To be shown in an element that tells its language.
    let title: String
    let titleLanguage: String?
    /// A place in a page; nil where the id could not name one.
    let anchor: String?
    let id: String
    let onlySide: String?
    let embargo: String?
    let excerpt: String?
    let excerptLanguage: String?
    let byline: String?
    let saidBy: String
    let names: [Change]
    let changes: [Change]
    let whyHere: String
    let links: String

    init(_ words: StoryWords, as form: Form) {
        let story = words.story
        title = form.text(CleanText.headline(story.title))
        titleLanguage = ShownLanguage.ofText(story.title, told: story.language)
        anchor = HTML.anchor(story.shownID)
        id = form.write(words.id)
        onlySide = words.onlySide.map(form.write)
        embargo = words.embargo.map { form.write($0.line) }
        excerpt = story.excerpt.map { form.opening($0.text) }
        excerptLanguage = words.excerptLanguage
        byline = words.byline.map(form.write)
        saidBy = form.write(words.saidBy)
        names = words.names.map { Change(label: form.write($0.label), words: form.write($0.words)) }
        changes = words.changes.map { Change(label: form.write($0.label), words: form.write($0.words)) }
        whyHere = form.write(words.whyHere)
        links = form.write(words.links)
    }
}
