using System.Text;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;

namespace Carillon.Tests.Envelopes;

public sealed class CloudEventTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CloudEventLimits Limits = new(1024 * 1024);
    private static readonly Guid Id = new("01890a5d-ac96-774b-bcce-b302099a8057");

    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 7)]
    [InlineData(true, 7)]
    public void What_is_written_is_read_as_it_was_whatever_it_is(bool isStructured, int seed)
    {
        var random = new Random(seed);
        var writer = new CloudEventWriter("/shop", isStructured);
        for (var round = 0; round < 300; round++)
        {
            var envelope = AnyEnvelope(random);
            var key = random.Next(2) == 0 ? null : AnyText(random);

            var wire = writer.Write(envelope, key);
            CloudEventReader.Read(wire.ContentType, wire.Headers, wire.Body, Limits, Now, out var read).ShouldBeNull($"round {round}");

            (read!.Source, read.Key).ShouldBe(("/shop", key));
            Fields(read.Envelope).ShouldBe(Fields(envelope));
            read.Envelope.Payload.ToArray().ShouldBe(envelope.Payload.ToArray());
        }
    }

    [Fact]
    public void Four_attributes_are_enough()
    {
        var read = Read([("cloudEvents:specversion", "1.0"), ("cloudEvents:id", "order 7"), ("cloudEvents:source", "/php"), ("cloudEvents:type", "poll.created")], "{}");

        read.Envelope.EventName.ShouldBe("poll.created");
        read.Envelope.Time.ShouldBe(Now);
        read.Envelope.EventVersion.ShouldBe(1);
        read.Envelope.CorrelationId.ShouldBe(read.Envelope.Id.ToString());
        read.Envelope.CausationId.ShouldBeNull();
    }

    [Fact]
    public void An_id_of_any_form_is_the_same_each_time_and_another_one_for_another_source()
    {
        Guid IdOf(string source, string id) => Read([.. Without("id", "source"), ("cloudEvents:source", source), ("cloudEvents:id", id)], "{}").Envelope.Id;

        IdOf("/a", "7").ShouldBe(IdOf("/a", "7"));
        IdOf("/a", "7").ShouldNotBe(IdOf("/b", "7"));
        IdOf("/a", Id.ToString()).ShouldBe(Id);
    }

    [Theory]
    [InlineData("CLOUDEVENTS:")]
    [InlineData("cloudEvents_")]
    public void Headers_are_read_however_their_prefix_is_written(string prefix) =>
        Read([.. Minimal.Select(header => (header.Name.Replace("cloudEvents:", prefix, StringComparison.Ordinal), header.Value))], "{}").Source.ShouldBe("/shop");

    [Fact]
    public void Attributes_and_headers_that_nobody_knows_are_left_alone()
    {
        Read([.. Minimal, ("cloudEvents:subject", "7"), ("cloudEvents:stranger", "x"), ("x-death", null)], "{}").ShouldNotBeNull();
        ReadStructured("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","subject":"x","stranger":true,"number":7,"nothing":null,"data":{}}""").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.0000000+00:00")]
    [InlineData("2026-03-01t12:00:00z", "2026-03-01T12:00:00.0000000+00:00")]
    [InlineData("2026-03-01T12:00:00.5+02:00", "2026-03-01T10:00:00.5000000+00:00")]
    [InlineData("2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.1234567+00:00")]
    [InlineData("2026-03-01T12:00:00-11:30", "2026-03-01T23:30:00.0000000+00:00")]
    public void A_time_of_RFC_3339_is_read(string said, string meant) =>
        Read([.. Minimal, ("cloudEvents:time", said)], "{}").Envelope.Time.ToString("O").ShouldBe(meant);

    [Theory]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T12:00:00")]
    [InlineData("2026-13-01T12:00:00Z")]
    [InlineData("01.03.2026 12:00:00Z")]
    [InlineData("2026-03-01T12:00:00.12345678x9Z")]
    [InlineData("1772366400")]
    [InlineData("")]
    public void A_time_that_is_none_is_told(string said) => Fault([.. Minimal, ("cloudEvents:time", said)], "{}").ShouldContain("RFC 3339");

    [Theory]
    [InlineData("id")]
    [InlineData("time")]
    [InlineData("traceparent")]
    [InlineData("nobody-knows-it")]
    public void An_attribute_without_a_form_as_text_is_refused_and_named(string name) =>
        Fault([.. Without(name), ($"cloudEvents:{name}", null)], "{}").ShouldBe($"The attribute '{name}' has no form as text, and an attribute is a text, a number or a truth value.");

    [Theory]
    [InlineData("specversion")]
    [InlineData("id")]
    [InlineData("source")]
    [InlineData("type")]
    public void A_required_attribute_that_is_missing_is_told(string name)
    {
        Fault([.. Without(name)], "{}").ShouldContain($"'{name}'");
        Fault([.. Without(name), ($"cloudEvents:{name}", null)], "{}").ShouldContain($"'{name}'");
    }

    [Theory]
    [InlineData("specversion", "0.3", "0.3")]
    [InlineData("eventversion", "0", "whole number")]
    [InlineData("eventversion", "-1", "whole number")]
    [InlineData("eventversion", "99999999999", "whole number")]
    [InlineData("type", "a\nb", "control")]
    [InlineData("partitionkey", "", "1 to 200")]
    public void An_attribute_that_cannot_be_is_told(string name, string value, string told) =>
        Fault([.. Without(name), ($"cloudEvents:{name}", value)], "{}").ShouldContain(told);

    [Fact]
    public void What_is_too_much_is_not_looked_at()
    {
        Fault([.. Minimal, ("huge", new string('x', 9000))], "{}").ShouldContain("huge");
        Fault([.. Minimal, (new string('n', 300), "x")], "{}").ShouldContain("name of 300");
        Fault([.. Minimal, .. Enumerable.Range(0, 100).Select(number => ($"h{number}", (string?)"x"))], "{}").ShouldContain("104 headers");
        Fault([.. Without("id"), ("cloudEvents:id", new string('x', 201))], "{}").ShouldContain("1 to 200");
        Fault([.. Minimal], new string(' ', 1024 * 1024) + "{}").ShouldContain("bytes");
        Fault([.. Minimal, ("cloudEvents:id", "twice")], "{}").ShouldContain("twice");
    }

    [Fact]
    public void A_trace_that_is_none_is_not_followed()
    {
        Read([.. Minimal, ("cloudEvents:traceparent", "x"), ("cloudEvents:tracestate", "a=b")], "{}").Envelope.TraceState.ShouldBeNull();
        Read([.. Minimal, ("cloudEvents:traceparent", TraceParent)], "{}").Envelope.TraceParent.ShouldBe(TraceParent);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/cloudevents-batch+json")]
    [InlineData("application/cloudevents+avro")]
    public void Another_content_is_told(string contentType) =>
        CloudEventReader.Read(contentType, Headers([.. Minimal]), "{}"u8.ToArray(), Limits, Now, out _)!.ShouldContain(contentType);

    [Fact]
    public void Data_in_Base64_is_the_same_data() =>
        Encoding.UTF8.GetString(ReadStructured("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data_base64":"eyJhIjoxfQ=="}""").Envelope.Payload.Span).ShouldBe("""{"a":1}""");

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"1\"")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data":{"a":""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data":{}} x""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data":{},"data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","id":"2","source":"/s","type":"a.b","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":{},"source":"/s","type":"a.b","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":["1"],"source":"/s","type":"a.b","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data_base64":"%%%"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data_base64":7}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"a.b","datacontenttype":"image/png","data_base64":"AAAA"}""")]
    [InlineData("""{"specversion":"1.0","id":"\ud800","source":"/s","type":"a.b","data":{}}""")]
    public void Structured_bytes_that_are_no_event_are_told(string body) => StructuredFault(Encoding.UTF8.GetBytes(body)).ShouldNotBeEmpty();

    [Fact]
    public void A_megabyte_of_brackets_is_told()
    {
        StructuredFault(Encoding.UTF8.GetBytes(new string('[', 1024 * 1024))).ShouldNotBeEmpty();
        StructuredFault(Encoding.UTF8.GetBytes("{\"data\":" + new string('[', 1024 * 1024))).ShouldContain("depth", Case.Insensitive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Bytes_of_any_kind_never_throw(int seed)
    {
        var random = new Random(seed);
        var whole = new CloudEventWriter("/shop", isStructured: true).Write(AnyEnvelope(random), "key").Body.ToArray();
        for (var round = 0; round < 3000; round++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)];
            for (var hit = random.Next(4); hit > 0 && bytes.Length > 0; hit--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Should.NotThrow(() => CloudEventReader.Read("application/cloudevents+json", [], bytes, Limits, Now, out _));
        }
    }

    private static (string Name, string? Value)[] Minimal =>
        [("cloudEvents:specversion", "1.0"), ("cloudEvents:id", Id.ToString()), ("cloudEvents:source", "/shop"), ("cloudEvents:type", "poll.created")];

    private static IEnumerable<(string Name, string? Value)> Without(params string[] names) => Minimal.Where(header => !names.Contains(header.Name["cloudEvents:".Length..]));

    private static List<EventHeader> Headers((string Name, string? Value)[] headers) => [.. headers.Select(header => new EventHeader(header.Name, header.Value))];

    private static CloudEvent Read((string Name, string? Value)[] headers, string body)
    {
        CloudEventReader.Read("application/json; charset=utf-8", Headers(headers), Encoding.UTF8.GetBytes(body), Limits, Now, out var read).ShouldBeNull();
        return read.ShouldNotBeNull();
    }

    private static CloudEvent ReadStructured(string body)
    {
        CloudEventReader.Read("application/cloudevents+json", [], Encoding.UTF8.GetBytes(body), Limits, Now, out var read).ShouldBeNull();
        return read.ShouldNotBeNull();
    }

    private static string Fault((string Name, string? Value)[] headers, string body)
    {
        var fault = CloudEventReader.Read("application/json", Headers(headers), Encoding.UTF8.GetBytes(body), Limits, Now, out var read);
        read.ShouldBeNull();
        return fault.ShouldNotBeNull();
    }

    private static string StructuredFault(byte[] body)
    {
        var fault = CloudEventReader.Read("application/cloudevents+json", [], body, Limits, Now, out var read);
        read.ShouldBeNull();
        return fault.ShouldNotBeNull();
    }

    private static object Fields(Envelope envelope) =>
        (envelope.Id, envelope.EventName, envelope.EventVersion, envelope.Time, envelope.CorrelationId, envelope.CausationId, envelope.TraceParent, envelope.TraceState);

    private static Envelope AnyEnvelope(Random random)
    {
        var isTraced = random.Next(2) == 0;
        return new Envelope
        {
            Id = AnyGuid(random),
            EventName = AnyText(random),
            EventVersion = random.Next(1, int.MaxValue),
            Time = new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero),
            CorrelationId = AnyText(random),
            CausationId = random.Next(2) == 0 ? null : AnyGuid(random),
            TraceParent = isTraced ? TraceParent : null,
            TraceState = isTraced && random.Next(2) == 0 ? "vendor=value" : null,
            Payload = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { Text = AnyText(random), Number = random.NextDouble(), List = new[] { 1, 2 } }),
        };
    }

    private static Guid AnyGuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static string AnyText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => (string[])["a", "Z", "0", ".", "-", " ", "\"", "\\", "\u00e4", "\ud83d\ude00", "<", "'"]).Select(all => all[random.Next(all.Length)]));
}
