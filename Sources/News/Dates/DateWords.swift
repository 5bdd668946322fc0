/// The words in dates: months, weekdays and what stands between, in the languages that feeds write them in, by CLDR's forms (wide and
/// abbreviated, within a date and alone) and what is written beside those.
enum DateWords {
    /// Twelve columns per line; `/` separates spellings. All in lower case and without the full stop of an abbreviation.
    private static let monthLines = """
        january/jan february/feb/febr march/mar/marts/mac april/apr may june/jun july/jul/julai august/aug/ogos/ogo september/sep/sept october/oct november/nov december/dec/disember/dis
        januar/jän/jänner/jaen februar/feber märz/mär/mrz/maerz/marz - mai juni juli - - oktober/okt - dezember/dez
        janvier/janv février/fév/févr/fevrier/fev/fevr mars avril/avr mai juin juillet/juil août/aout/aoû septembre octobre novembre décembre/déc/decembre
        enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre/set octubre noviembre diciembre/dic
        gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/set ottobre/ott novembre dicembre
        janeiro fevereiro/fev março/marco abril maio junho julho agosto setembro outubro/out novembro dezembro
        januari februari maart/mrt april mei juni juli augustus/augusti - oktober november december
        styczeń/stycznia/sty luty/lutego/lut marzec/marca kwiecień/kwietnia/kwi maj/maja czerwiec/czerwca/cze lipiec/lipca/lip sierpień/sierpnia/sie wrzesień/września/wrz październik/października/paź listopad/listopada/lis grudzień/grudnia/gru
        leden/ledna/led únor/února/úno březen/března/bře duben/dubna/dub květen/května/kvě červen/června/čvn červenec/července/čvc srpen/srpna/srp září/zář říjen/října/říj listopadu prosinec/prosince/pro
        январь/января/янв февраль/февраля/фев/февр март/марта/мар апрель/апреля/апр май/мая июнь/июня/июн июль/июля/июл август/августа/авг сентябрь/сентября/сен/сент октябрь/октября/окт ноябрь/ноября/ноя/нояб декабрь/декабря/дек
        січень/січня/січ лютий/лютого/лют березень/березня/бер квітень/квітня/кві/квіт травень/травня/тра/трав червень/червня/чер/черв липень/липня/лип серпень/серпня/сер/серп вересень/вересня/вер жовтень/жовтня/жов/жовт листопад/листопада/лист грудень/грудня/гру/груд
        ιανουάριος/ιανουαρίου/ιαν φεβρουάριος/φεβρουαρίου/φεβ μάρτιος/μαρτίου/μάρ/μαρ/μάϊρ απρίλιος/απριλίου/απρ μάιος/μαΐου/μαϊου/μαϊος/μαϊοσ/μαϊ/μάι/μάϊ/μαι/μαΐ ιούνιος/ιουνίου/ιούν/ιουν/ιον ιούλιος/ιουλίου/ιούλ/ιουλ/ιολ αύγουστος/αυγούστου/αύγ/αυγ σεπτέμβριος/σεπτεμβρίου/σεπ οκτώβριος/οκτωβρίου/οκτ νοέμβριος/νοεμβρίου/νοέ/νοε/νοέμ δεκέμβριος/δεκεμβρίου/δεκ
        ocak/oca şubat/şub mart nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara
        január február/február március/márc/márci április/ápr/áprili május/máj június/jún július/júl augusztus/august/augusz szeptember/szept október/okt november december
        januari/jan februari/peb maret april mei juni juli agustus/agt/agu - oktober november/nop desember/des
        januar/jan februar mars april maj/mai juni juli - - oktober - desember/des
        tammikuu/tammikuuta/tammi helmikuu/helmikuuta/helmi maaliskuu/maaliskuuta/maalis huhtikuu/huhtikuuta/huhti toukokuu/toukokuuta/touko kesäkuu/kesäkuuta/kesä heinäkuu/heinäkuuta/heinä elokuu/elokuuta/elo syyskuu/syyskuuta/syys lokakuu/lokakuuta/loka marraskuu/marraskuuta/marras joulukuu/joulukuuta/joulu
        ianuarie/ian februarie martie aprilie mai iunie/iun iulie/iul august septembrie octombrie noiembrie/noi decembrie
        siječanj/siječnja/sij veljača/veljače/velj ožujak/ožujka/ožu travanj/travnja/tra svibanj/svibnja/svi lipanj/lipnja/lip srpanj/srpnja/srp kolovoz/kolovoza/kol rujan/rujna/ruj - - -
        มกราคม/ม.ค/มค กุมภาพันธ์/ก.พ/กพ มีนาคม/มี.ค/มีค เมษายน/เม.ย/เมย พฤษภาคม/พ.ค/พค มิถุนายน/มิ.ย/มิย กรกฎาคม/ก.ค/กค สิงหาคม/ส.ค/สค กันยายน/ก.ย/กย ตุลาคม/ต.ค/ตค พฤศจิกายน/พ.ย/พย ธันวาคม/ธ.ค/ธค
        يناير فبراير مارس أبريل/ابريل مايو يونيو/يونيه يوليو/يوليه أغسطس/اغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر
        जनवरी/जन॰ फ़रवरी/फरवरी/फ़र॰ मार्च अप्रैल मई जून जुलाई/जुल॰ अगस्त/अग॰ सितंबर/सितम्बर/सित॰ अक्टूबर/अक्तूबर/अक्तू॰ नवंबर/नवम्बर/नव॰ दिसंबर/दिसम्बर/दिस॰
        一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月
        gener febrer març d’abril maig juny juliol d’agost/agost/ag setembre d’octubre - desembre
        """

    static let months: [String: Int] = table(monthLines)

    /// Seven columns from Sunday.
    private static let weekdayLines = """
        sunday/sun monday/mon tuesday/tue/tues wednesday/wed/weds thursday/thu/thur/thurs friday/fri saturday/sat
        sonntag/so montag/mo dienstag/di mittwoch/mi donnerstag/do freitag/fr samstag/sa/sonnabend
        dimanche/dim lundi/lun mardi/mar mercredi/mer jeudi/jeu vendredi/ven samedi/sam
        domingo/dom lunes/lun martes/mar miércoles/mié/mie/miercoles jueves/jue viernes/vie sábado/sáb/sab/sabado
        domenica/dom lunedì/lun martedì/mar mercoledì/mer giovedì/gio venerdì/ven sabato/sab
        domingo/dom segunda/seg terça/ter quarta/qua quinta/qui sexta/sex sábado
        zondag/zo maandag/ma dinsdag woensdag/wo donderdag vrijdag/vr zaterdag/za
        vasárnap/vas hétfő/hét kedd szerda/sze csütörtök/csüt péntek/pén szombat/szo
        κυριακή/κυρ δευτέρα/δευ τρίτη/τρι/τρί τετάρτη/τετ πέμπτη/πεμ/πέμ παρασκευή/παρ σάββατο/σαβ/σάβ
        воскресенье/вс/неділя понедельник/пн/понеділок вторник/вт/вівторок среда/ср/середа четверг/чт/четвер пятница/пт/пʼятниця суббота/сб/субота
        日曜日/日曜/日 月曜日/月曜/月 火曜日/火曜/火 水曜日/水曜/水 木曜日/木曜/木 金曜日/金曜/金 土曜日/土曜/土
        星期日/周日/星期天/週日 星期一/周一/週一 星期二/周二/週二 星期三/周三/週三 星期四/周四/週四 星期五/周五/週五 星期六/周六/週六
        일요일/일 월요일/월 화요일/화 수요일/수 목요일/목 금요일/금 토요일/토
        minggu/min/ahad/ahd senin/sen/isnin/isn selasa/sel rabu/rab kamis/kam/khamis/kha jumat/jum/jumaat sabtu
        niedziela/niedz poniedziałek/pon wtorek środa czwartek/czw piątek sobota/sob
        neděle pondělí úterý středa čtvrtek pátek -
        pazar/paz pazartesi/pzt salı/sal çarşamba/çar perşembe/per cuma/cum cumartesi/cmt
        søndag/søn/söndag/sön mandag/man/måndag/mån tirsdag/tir/tirs/tisdag/tis onsdag/ons torsdag/tor/tors fredag/fre lørdag/lør/lördag/lör
        sunnuntai maanantaina/maanantai tiistaina/tiistai keskiviikkona/keskiviikko torstaina/torstai perjantaina/perjantai lauantaina/lauantai
        duminică/dum luni marți miercuri joi vineri/vin sâmbătă/sâm
        วันอาทิตย์ วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี วันศุกร์ วันเสาร์
        الأحد/أحد الاثنين/اثنين الثلاثاء/ثلاثاء الأربعاء/أربعاء الخميس/خميس الجمعة/جمعة السبت/سبت
        रविवार/रवि सोमवार/सोम मंगलवार/मंगल बुधवार/बुध गुरुवार/गुरु शुक्रवार/शुक्र शनिवार/शनि
        diumenge dilluns dimarts dimecres dijous divendres dissabte
        """

    /// Sunday is 0.
    static let weekdays: [String: Int] = table(weekdayLines).mapValues { $0 - 1 }

    static let units: Set<String> = ["年", "月", "日", "号", "號", "년", "월", "일"]

    /// Words that may stand between the parts of a date and say nothing.
    static let fillers: Set<String> = [
        "st", "nd", "rd", "th", "er", "de", "del", "of", "the", "at", "on", "um", "uhr", "à", "às", "le", "den", "kl",
        "klo", "klokken", "alle", "ore", "t", "and", "o", "v", "г", "року", "р", "года", "в", "о", "об", "tháng", "thg",
        "ngày",
        "năm", "thứ", "chủ", "nhật", "lúc", "曜", "요", "曜日", "星期", "周", "h", "hrs", "feira", "발행", "입력", "更新", "配信",
        "발표", "a",
        "las", "les", "la", "d", "om", "στις", "στο", "pukul", "pada", "saat", "u", "ve", "godz", "w", "เวลา", "ที่",
        "ค.ศ", "พ.ศ", "น",
        "को",
        "बजे", "في", "الساعة",
    ]

    /// Whether a word after the time of day belongs to the date and not to the zone.
    static func isPartOfDate(_ word: String) -> Bool {
        months[word] != nil || weekdays[word] != nil && DateZone.named(word) == nil || units.contains(word)
    }

    private static func table(_ lines: String) -> [String: Int] {
        var table: [String: Int] = [:]
        for line in lines.split(separator: "\n") {
            for (column, spellings) in line.split(separator: " ").enumerated() where spellings != "-" {
                for spelling in spellings.split(separator: "/") where table[String(spelling)] == nil {
                    table[String(spelling)] = column + 1
                }
            }
        }
        // As capitals and old systems write them; a word of some language comes first.
        for (word, number) in table {
            let plain = String(word.map { plainLetters[$0] ?? $0 })
            if table[plain] == nil { table[plain] = number }
        }
        return table
    }

    private static let plainLetters: [Character: Character] = Dictionary(
        uniqueKeysWithValues: zip(
            "áàâäãåăąéèêëęěíîìïóòôöõøúùûüůűñçčćďňřšśșşţțťžźżğıłάέήίϊΐόύώς",
            "aaaaaaaaeeeeeeiiiioooooouuuuuuncccdnrsssstttzzzgilαεηιιιουωσ"))
}
