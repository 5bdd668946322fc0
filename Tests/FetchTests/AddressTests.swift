import CLibcurl
import Testing

@testable import Fetch

@Suite struct AddressTests {
    @Test(
        "Special addresses are recognised in all their disguises",
        arguments: [
            ("8.8.8.8", "public"), ("127.0.0.1", "loopback"), ("127.255.1.2", "loopback"), ("10.1.2.3", "private"),
            ("172.15.0.1", "public"), ("172.16.0.1", "private"), ("172.31.255.255", "private"),
            ("172.32.0.1", "public"),
            ("192.168.0.1", "private"), ("169.254.1.1", "link-local"), ("169.254.169.254", "metadata"),
            ("168.63.129.16", "metadata"), ("100.64.0.1", "carrier-grade NAT"), ("100.128.0.1", "public"),
            ("100.100.100.200", "metadata"), ("224.0.0.1", "multicast"), ("255.255.255.255", "reserved"),
            ("0.0.0.0", "unspecified"), ("0.1.2.3", "unspecified"), ("192.0.2.9", "documentation"),
            ("198.18.0.1", "reserved"), ("2606:4700::1111", "public"), ("::1", "loopback"), ("::", "unspecified"),
            ("::ffff:127.0.0.1", "loopback"), ("::ffff:8.8.8.8", "public"), ("::127.0.0.1", "loopback"),
            ("64:ff9b::10.0.0.1", "private"), ("64:ff9b::8.8.8.8", "public"), ("64:ff9b:1::1", "reserved"),
            ("2002:7f00:1::", "loopback"), ("2002:0808:0808::1", "public"), ("2001:0:1::1", "reserved"),
            ("fe80::1", "link-local"), ("fec0::1", "link-local"), ("fd12::1", "private"), ("fc00::1", "private"),
            ("fd00:ec2::254", "metadata"), ("fd00:ec2::23", "metadata"), ("fd20:ce::254", "metadata"),
            ("fd00:42::42", "metadata"), ("fe80::a9fe:a9fe", "metadata"), ("169.254.170.2", "metadata"),
            ("169.254.170.23", "metadata"), ("169.254.42.42", "metadata"), ("64:ff9b::a9fe:aa17", "metadata"),
            ("fd00:ec2::25", "private"), ("169.254.170.3", "link-local"),
            ("ff02::1", "multicast"), ("2001:db8::1", "documentation"),
            ("3fff:fff::1", "documentation"), ("4000::1", "reserved"), ("100::1", "reserved"),
        ])
    func kinds(text: String, kind: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy().kind(of: address).rawValue == kind)
    }

    @Test("Private hosts may be allowed, metadata services never")
    func allowance() throws {
        let policy = AddressPolicy()
        let home = try #require(IPAddress("192.168.1.1"))
        #expect(policy.allows(home, privateHosts: true))
        #expect(!policy.allows(home, privateHosts: false))
        for text in ["169.254.169.254", "fd00:ec2::254", "0.0.0.0", "ff02::1", "64:ff9b::169.254.169.254"] {
            #expect(!policy.allows(try #require(IPAddress(text)), privateHosts: true), "\(text)")
        }
    }

    @Test(
        "URLs are read as libcurl will use them",
        arguments: [
            ("HTTP://Example.ORG/a#b", "http://example.org/a", "example.org:80"),
            ("https://example.org:443", "https://example.org:443/", "example.org:443"),
            ("http://bücher.example/ü", "http://xn--bcher-kva.example/%c3%bc", "xn--bcher-kva.example:80"),
            ("http://日本語。ＪＰ/", "http://xn--wgv71a119e.jp/", "xn--wgv71a119e.jp:80"),
            ("http://правда.example/", "http://xn--80aafi6cg.example/", "xn--80aafi6cg.example:80"),
            ("http://１２７.０.０.１/", "http://127.0.0.1/", "127.0.0.1:80"),
            (" http://h.test/a b?c d ", "http://h.test/a%20b?c%20d", "h.test:80"),
            ("http://example.org./", "http://example.org/", "example.org:80"),
            ("http://2130706433/", "http://127.0.0.1/", "127.0.0.1:80"),
            ("http://0x7f.1:8080/", "http://127.0.0.1:8080/", "127.0.0.1:8080"),
            ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1:80"),
        ])
    func urls(text: String, normal: String, key: String) throws {
        let url = try WebURL(text)
        #expect(url.text == normal)
        #expect("\(url.host):\(url.port)" == key)
    }

    @Test(
        "Bad URLs are refused, and a password in one is not repeated",
        arguments: [
            ("", "bad-address"), ("example.org/feed", "bad-address"), ("http:///", "bad-address"),
            ("http://user:hunter2@example.org/", "bad-address"), ("http://a b/", "bad-address"),
            ("http://exa_mple..org/", "bad-address"), ("http://1.2.3.4.5/", "bad-address"),
            ("http://h.test:99999/", "bad-address"), ("http://h.test:0/", "bad-address"),
            ("http://[fe80::1%25eth0]/", "bad-address"), ("http://h\r\nx.test/", "bad-address"),
            ("http://foo.0x1/", "bad-address"), ("http://256.256.256.256/", "bad-address"),
            ("file:///etc/passwd", "scheme"), ("ftp://h.test/", "scheme"), ("gopher://h.test/", "scheme"),
            ("http://" + String(repeating: "a", count: 300) + ".org/", "bad-address"),
            ("http://h.test/" + String(repeating: "a", count: 9000), "bad-address"),
        ])
    func badURLs(text: String, code: String) {
        let error = #expect(throws: FetchError.self) { try WebURL(text) }
        #expect(error?.code.rawValue == code)
        #expect(error?.detail.contains("hunter2") == false)
    }

    @Test(
        "The registrable domain follows the public suffix list, and addresses have none",
        arguments: [
            ("news.bbc.co.uk", "bbc.co.uk"), ("WWW.example.org", "example.org"),
            ("a.b.example.com.au", "example.com.au"),
            ("10.0.0.1", nil), ("[::1]", nil), ("localhost", nil), ("co.uk", nil),
        ])
    func registrableDomain(host: String, domain: String?) {
        #expect(RegistrableDomain.of(host) == domain)
    }

    @Test("What OpenSSL says about a certificate becomes a word")
    func verification() {
        func code(_ result: Int, _ text: String = "") -> FetchError.Code {
            TransferFailure.code(CURLE_PEER_FAILED_VERIFICATION, text: text, systemError: 0, verifyResult: result)
        }
        #expect(code(10) == .tlsExpired)
        #expect(code(9) == .tlsExpired)
        #expect(code(18) == .tlsUnknownCA)
        #expect(code(20) == .tlsUnknownCA)
        #expect(code(0, "SSL: no alternative certificate subject name matches target host name 'a'") == .tlsWrongHost)
        #expect(code(7) == .tls)
    }
}
