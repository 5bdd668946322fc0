import Testing

@testable import News

/// Reports of invented outlets on events that never were, as they are copied and followed up in Japanese, Chinese and Korean.
enum EastAsianReports {
    struct Set: Sendable, CustomTestStringConvertible {
        var language: String
        /// Paragraphs of the text as its newsroom sent it.
        var original: [String]
        /// Each the same text.
        var copies: [[String]]
        /// Each a text of its own: a follow-up with the same background, a report from the same template, another newsroom's.
        var others: [[String]]

        var testDescription: String { language }
    }

    static let all = [japanese, chinese, korean]

    private static let teasers = [
        "You may also like",
        "Ten beaches that locals would rather keep to themselves this summer, ranked by people who have been to all of them twice",
        "Why the ferry to Cape Lorn is late every Thursday, and what the captain has to say about the passengers who complain",
    ]

    private static let japanese = Set(
        language: "ja",
        original: [
            "【汐見共同】汐見県の内海海峡を管轄する沿岸警備本部は12日、海峡の東口に常設の監視所を置き、来年4月から24時間態勢で運用すると発表した。隣国の調査船が今年に入って31回、事前の通告なく通過したことを受けた措置で、監視所には隊員40人と小型艇3隻を配置する。",
            "本部長の早瀬岳人氏は記者会見で「通過そのものを妨げる考えはないが、誰が何をしているかは常に把握する」と述べた。監視所の建設費は18億円で、県が用地を無償で貸し出す。",
            "海峡は最も狭い所で幅6キロしかなく、漁船が1日に延べ200隻ほど行き交う。漁協は工事の時期をずらすよう求めている。",
        ],
        copies: [
            [
                "汐見県の内海海峡を管轄する沿岸警備本部は１２日、海峡の東口に常設の監視所を置き、来年４月から２４時間態勢で運用すると発表した。隣国の調査船が今年に入って３１回、事前の通告なく通過したことを受けた措置で、監視所には隊員４０人と小型艇３隻を配置する。",
                "本部長の早瀬岳人氏は記者会見で『通過そのものを妨げる考えはないが、誰が何をしているかは常に把握する』と述べた。",
            ],
            [
                "汐見県の内海海峡を管轄する沿岸警備本部は12日、海峡の東口に常設の監視所を置き、来年4月から24時間態勢で運用すると発表した。隣国の調査船が今年に入って31回、事前の通告なく通過したことを受けた措置で、監視所には隊員40人と小型艇3隻を配置する。"
            ] + teasers,
            [
                "【更新】漁協は13日、工事の延期を正式に申し入れた。",
                "汐見県の内海海峡を管轄する沿岸警備本部は12日、海峡の東口に常設の監視所を置き、来年4月から24時間態勢で運用すると発表した。隣国の調査船が今年に入って31回、事前の通告なく通過したことを受けた措置で、監視所には隊員40人と小型艇3隻を配置する。",
                "本部長の早瀬岳人氏は記者会見で「通過そのものを妨げる考えはないが、誰が何をしているかは常に把握する」と述べた。監視所の建設費は18億円で、県が用地を無償で貸し出す。",
            ],
        ],
        others: [
            [
                "内海海峡の監視所をめぐり、汐見県の漁協は15日、組合員およそ70人が参加する集会を開き、建設工事を漁期の終わる11月まで始めないよう求める決議を採択した。組合長の浜口勇さんは「守ってくれるのはありがたいが、網を入れられなければ暮らせない」と話した。県の担当者は持ち帰って検討すると答えた。",
                "海峡は最も狭い所で幅6キロしかなく、漁船が1日に延べ200隻ほど行き交う。",
            ],
            [
                "東口に新しい見張りの拠点ができる。沿岸警備本部がきのう明らかにしたもので、調査船の動きに神経をとがらせてきた地元では歓迎と戸惑いが入り交じる。早瀬本部長は会見で、航行の自由は尊重すると繰り返した。"
            ],
        ])

    private static let chinese = Set(
        language: "zh",
        original: [
            "（澄江社青浦12日电）青浦海峡管理局星期三宣布，将在海峡东口设立常设观察站，明年四月起全天候运作。管理局说，今年以来邻国调查船未经通报通过海峡31次，观察站将派驻40名人员和3艘巡逻艇，以便掌握附近水域的情况。",
            "局长沈若川在记者会上说：“我们无意阻止任何船只通过，但必须随时知道是谁、在做什么。”观察站造价约1.2亿元，用地由青浦市无偿提供。",
            "青浦海峡最窄处仅有6公里，每天约有200艘渔船往来。渔会要求把施工时间错开渔汛。",
        ],
        copies: [
            [
                "青浦海峡管理局星期三宣布，将在海峡东口设立常设观察站，明年四月起全天候运作。管理局说，今年以来邻国调查船未经通报通过海峡３１次，观察站将派驻４０名人员和３艘巡逻艇，以便掌握附近水域的情况。",
                "局长沈若川在记者会上说：「我们无意阻止任何船只通过，但必须随时知道是谁、在做什么。」",
            ],
            [
                "【本报综合报道】青浦海峡管理局星期三宣布，将在海峡东口设立常设观察站，明年四月起全天候运作。管理局说，今年以来邻国调查船未经通报通过海峡31次，观察站将派驻40名人员和3艘巡逻艇，以便掌握附近水域的情况。"
            ] + teasers,
        ],
        others: [
            [
                "青浦渔会星期六召集七十多名会员开会，要求观察站工程推迟到十一月渔汛结束以后再动工。理事长方大海说，有人守着海峡当然是好事，可是渔网下不了水，大家就没有饭吃。市政府代表表示会带回去研究，下周给答复。",
                "青浦海峡最窄处仅有6公里，每天约有200艘渔船往来。",
            ],
            [
                "海峡东口要多一处岗哨了。消息传出以后，岸边茶馆里的议论就没有停过：有人说早该如此，也有人担心从此出海要多填几张表。管理局的说法是，航行自由一切照旧。"
            ],
        ])

    private static let korean = Set(
        language: "ko",
        original: [
            "(해솔=가람통신) 해솔해협 관리본부는 12일 해협 동쪽 입구에 상설 감시소를 두고 내년 4월부터 24시간 운영한다고 발표했다. 올해 들어 이웃 나라 조사선이 사전 통보 없이 31차례 통과한 데 따른 조치로, 감시소에는 인원 40명과 소형정 3척이 배치된다.",
            "한여울 본부장은 기자회견에서 \"통과 자체를 막을 생각은 없지만 누가 무엇을 하는지는 늘 파악하겠다\"고 말했다. 감시소 건설비는 180억 원이며 땅은 시가 무상으로 빌려준다.",
            "해협은 가장 좁은 곳의 폭이 6킬로미터에 불과하고 하루 평균 어선 200척이 오간다. 어민들은 공사 시기를 늦춰 달라고 요구하고 있다.",
        ],
        copies: [
            [
                "해솔해협 관리본부는 12일 해협 동쪽 입구에 상설 감시소를 두고 내년 4월부터 24시간 운영한다고 발표했다. 올해 들어 이웃 나라 조사선이 사전 통보 없이 31차례 통과한 데 따른 조치로, 감시소에는 인원 40명과 소형정 3척이 배치된다.",
                "한여울 본부장은 기자회견에서 “통과 자체를 막을 생각은 없지만 누가 무엇을 하는지는 늘 파악하겠다”고 말했다.",
            ],
            [
                "[속보] 해솔해협 관리본부는 12일 해협 동쪽 입구에 상설 감시소를 두고 내년 4월부터 24시간 운영한다고 발표했다. 올해 들어 이웃 나라 조사선이 사전 통보 없이 31차례 통과한 데 따른 조치로, 감시소에는 인원 40명과 소형정 3척이 배치된다."
            ] + teasers,
        ],
        others: [
            [
                "해솔 어민회는 15일 회원 70여 명이 모인 가운데 집회를 열고 감시소 공사를 어기가 끝나는 11월 이후로 미뤄 달라는 결의문을 채택했다. 나루 회장은 지켜 주는 것은 고맙지만 그물을 내리지 못하면 살 수 없다고 말했다. 시 관계자는 돌아가서 검토하겠다고 답했다.",
                "해협은 가장 좁은 곳의 폭이 6킬로미터에 불과하고 하루 평균 어선 200척이 오간다.",
            ],
            [
                "동쪽 입구에 초소가 하나 더 생긴다는 소식에 부두는 하루 종일 술렁였다. 진작 그랬어야 한다는 사람도 있고 바다에 나갈 때마다 서류가 늘어날 것이라며 걱정하는 사람도 있다."
            ],
        ])
}

@Suite("East Asian copies")
struct EastAsianCopiesTests {
    private func article(_ name: String, _ paragraphs: [String], hours: Int = 0) -> IndexedArticle {
        IndexedArticle(Reports.reading("outlet-\(name)", name, title: "\(name)", paragraphs, hours: hours))
    }

    private func isCopy(_ placement: Placement) -> Bool { if case .copy = placement.kind { true } else { false } }

    @Test(
        "Copies are found whichever comes first, whatever was cut, added or set in other widths",
        arguments: EastAsianReports.all)
    func copies(_ set: EastAsianReports.Set) {
        let texts = [set.original] + set.copies
        for first in texts.indices {
            var stories = FiledStories()
            stories.file(article("first", texts[first]), into: "story")
            for other in texts.indices where other != first {
                let placement = stories.place(article("other", texts[other]))
                #expect(isCopy(placement), "text \(other) after text \(first): \(placement.reason)")
            }
        }
    }

    @Test("A report in simplified Chinese and in traditional is one text")
    func scripts() {
        let simplified = [
            "青浦港务局星期二宣布，海湾东侧的监视站将在年底前建成，届时可以全天观察进出海峡的船只。局长在记者会上说，工程已经开始，预算没有增加。",
            "渔民协会担心施工会影响冬季的渔业，要求推迟到明年三月。港务局回应说，将与渔民继续谈判，并对损失给予补偿。",
        ]
        let traditional = [
            "青浦港務局星期二宣布，海灣東側的監視站將在年底前建成，屆時可以全天觀察進出海峽的船隻。局長在記者會上說，工程已經開始，預算沒有增加。",
            "漁民協會擔心施工會影響冬季的漁業，要求推遲到明年三月。港務局回應說，將與漁民繼續談判，並對損失給予補償。",
        ]
        for (one, other) in [(simplified, traditional), (traditional, simplified)] {
            var stories = FiledStories()
            stories.file(article("first", one), into: "story")
            let placement = stories.place(article("other", other))
            #expect(isCopy(placement), "\(placement.reason)")
        }
        #expect(Fingerprint(text: simplified[0]) == Fingerprint(text: traditional[0]))
    }

    @Test("A follow-up and another newsroom's report are no copies, before or after", arguments: EastAsianReports.all)
    func others(_ set: EastAsianReports.Set) {
        for other in set.others {
            for (one, two) in [(set.original, other), (other, set.original)] {
                var stories = FiledStories()
                stories.file(article("first", one), into: "story")
                let placement = stories.place(article("other", two, hours: 30))
                #expect(!isCopy(placement), "\(placement.reason)")
            }
        }
    }

    @Test(
        "Reports of one template on two events are no copies",
        arguments: [
            { (a: Int, b: Int, c: Int, d: Int) in
                "\(a)日午前\(b)時ごろ、汐見県沖を震源とする地震があった。震源の深さは\(c)キロ、震度\(d)の揺れを観測した。この地震による津波の心配はない。気象当局は、今後1週間程度は同じ程度の揺れに注意するよう呼びかけている。"
            },
            { (a: Int, b: Int, c: Int, d: Int) in
                "本月\(a)日上午\(b)时许，青浦以东海域发生地震，震源深度\(c)公里，最大烈度\(d)度。地震未引发海啸。气象部门提醒居民，未来一周内仍应留意同等程度的余震，并请勿听信传言。"
            },
            { (a: Int, b: Int, c: Int, d: Int) in
                "이달 \(a)일 오전 \(b)시쯤 해솔 앞바다에서 지진이 발생했다. 진원의 깊이는 \(c)킬로미터, 최대 진도는 \(d)이다. 이 지진으로 인한 해일 우려는 없다. 기상 당국은 앞으로 일주일 정도 비슷한 규모의 흔들림에 주의해 달라고 당부했다."
            },
        ] as [@Sendable (Int, Int, Int, Int) -> String])
    func templates(_ report: @Sendable (Int, Int, Int, Int) -> String) {
        var stories = FiledStories()
        stories.file(article("first", [report(3, 4, 10, 2)]), into: "story")
        let placement = stories.place(article("other", [report(9, 7, 60, 5)]))
        #expect(!isCopy(placement), "\(placement.reason)")
        let same = stories.place(article("same", [report(3, 4, 10, 2)]))
        #expect(isCopy(same))
    }
}
