using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing.Tests;

public sealed class EventShapeTests
{
    [Fact] // B13
    public void A_sample_that_survives_is_silent() => EventShape.ShouldSurvive(new OrderPlaced("A-1", [1, 2]));

    [Fact]
    public void A_member_that_is_not_read_back_is_named()
    {
        var error = Should.Throw<InvalidOperationException>(() => EventShape.ShouldSurvive(new OrderStamped("A-1")));

        error.Message.ShouldContain("'OrderStamped.at'");
    }

    [Fact]
    public void What_only_a_value_tells_is_shown_before_and_after()
    {
        var error = Should.Throw<InvalidOperationException>(() => EventShape.ShouldSurvive(new OrderRetried { Attempts = 0 }));

        error.Message.ShouldContain("Written: {} Read and written again: {\"attempts\":3}");
    }

    [Fact]
    public void The_converters_of_the_application_count()
    {
        var services = new ServiceCollection()
            .AddCarillon(carillon => carillon.ConfigureEnvelopes(envelopes => envelopes.Json.Converters.Add(new Forgetful())))
            .BuildServiceProvider();

        EventShape.ShouldSurvive(new OrderPlaced("A-1", [1]));
        Should.Throw<InvalidOperationException>(() => services.EventShouldSurvive(new OrderPlaced("A-1", [1]))).Message.ShouldContain("\"A-1\"");
    }

    private sealed record OrderPlaced(string Sku, IReadOnlyList<int> Lines);

    private sealed record OrderStamped(string Sku)
    {
        public DateTimeOffset At { get; } = DateTimeOffset.UnixEpoch;
    }

    private sealed record OrderRetried
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public int Attempts { get; init; } = 3;
    }

    private sealed class Forgetful : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => "forgotten";

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
