using System.Collections;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Drawing;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Carillon.Listeners;

namespace Carillon.Tests.Envelopes;

/// <summary>What survives storage and what does not, one member at a time.</summary>
public sealed class ShapeTests
{
    [Theory] // B13: it cannot be stored or read
    [InlineData(typeof(Has<Action>), "'Has`1.value' is a System.Action")]
    [InlineData(typeof(Has<Type>), "'Has`1.value'")]
    [InlineData(typeof(Has<Stream>), "'Has`1.value'")]
    [InlineData(typeof(Has<MemoryStream>), "'Has`1.value'")]
    [InlineData(typeof(Has<IntPtr>), "'Has`1.value'")]
    [InlineData(typeof(Has<CancellationToken>), "'Has`1.value'")]
    [InlineData(typeof(Has<CancellationToken?>), "'Has`1.value'")]
    [InlineData(typeof(Has<InvalidOperationException>), "as a string")]
    [InlineData(typeof(Has<Task<int>>), "'Has`1.value'")]
    [InlineData(typeof(Has<IServiceProvider>), "'Has`1.value'")]
    [InlineData(typeof(Has<Lazy<int>>), "'Has`1.value'")]
    [InlineData(typeof(Has<IAsyncEnumerable<int>>), "'Has`1.value'")]
    [InlineData(typeof(Has<int[,]>), "array of arrays")]
    [InlineData(typeof(Has<IThing>), "abstract")]
    [InlineData(typeof(Has<AbstractThing>), "[JsonDerivedType]")]
    [InlineData(typeof(Has<NoConstructor>), "[JsonConstructor]")]
    [InlineData(typeof(Has<TwoConstructors>), "no constructor that JSON can use")]
    [InlineData(typeof(OtherParameter), "whose constructor takes 'title'")]
    [InlineData(typeof(Has<ReadOnlyCollection<int>>), "not fill")]
    [InlineData(typeof(Has<ReadOnlyDictionary<string, int>>), "not fill")]
    [InlineData(typeof(Has<IReadOnlySet<int>>), "not fill")]
    [InlineData(typeof(Has<OwnSequence>), "not fill")]
    [InlineData(typeof(Has<Dictionary<Thing, int>>), "keys of the type")]
    [InlineData(typeof(Has<List<Dictionary<string, Action>>>), "'Has`1.value[][]'")]
    [InlineData(typeof(RequiredButIgnored), "required")]
    public async Task What_cannot_be_stored_stops_the_start(Type eventType, string part)
    {
        var problem = (await FindProblemsAsync(eventType)).ShouldHaveSingleItem();
        problem.ShouldContain("'thing.done'");
        problem.ShouldContain("cannot be stored for its durable listener 'durable'");
        problem.ShouldContain(part);
        (await FindProblemsAsync(eventType, acceptsLoss: true)).ShouldHaveSingleItem();
    }

    [Theory] // B13: it can be stored, and something is missing when it is read
    [InlineData(typeof(GetOnly), "'GetOnly.items' is written but never read back")]
    [InlineData(typeof(PrivateSetter), "'PrivateSetter.name' is written but never read back")]
    [InlineData(typeof(StampedItself), "'StampedItself.at' is written but never read back")]
    [InlineData(typeof(WithField), "'WithField.Number' is a field")]
    [InlineData(typeof(WithInternal), "'WithInternal.Tenant' is internal")]
    [InlineData(typeof(WriteOnly), "'WriteOnly.secret' is read but never written")]
    [InlineData(typeof(Has<object>), "'Has`1.value' is an object")]
    [InlineData(typeof(Has<Dictionary<string, object>>), "'Has`1.value[]' is an object")]
    [InlineData(typeof(Has<IEnumerable>), "'Has`1.value[]' is an object")]
    [InlineData(typeof(Has<(int, string)>), "tuple")]
    [InlineData(typeof(Has<(int, string)?>), "tuple")]
    [InlineData(typeof(Has<BigInteger>), "System.Numerics.BigInteger")]
    [InlineData(typeof(Has<StringBuilder>), "System.Text.StringBuilder")]
    [InlineData(typeof(Has<Index>), "System.Index")]
    [InlineData(typeof(Has<Vector2>), "System.Numerics.Vector2")]
    [InlineData(typeof(Has<Stack<int>>), "upside down")]
    [InlineData(typeof(Has<NamedList>), "not 'Name'")]
    [InlineData(typeof(Has<WithoutMark>), "without a mark")]
    [InlineData(typeof(Has<FallsBack>), "UnknownDerivedTypeHandling")]
    [InlineData(typeof(Has<BaseOfLossy>), "'Has`1.value(Lossy).items'")]
    public async Task What_would_be_lost_stops_the_start_unless_it_is_accepted(Type eventType, string part)
    {
        var problem = (await FindProblemsAsync(eventType)).ShouldHaveSingleItem();
        problem.ShouldContain("would not reach its durable listener 'durable' as it was dispatched");
        problem.ShouldContain("AcceptsLoss");
        problem.ShouldContain(part);
        (await FindProblemsAsync(eventType, acceptsLoss: true)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(Fine))]
    [InlineData(typeof(FineStruct))]
    [InlineData(typeof(FineRecordStruct))]
    [InlineData(typeof(Computed))]
    [InlineData(typeof(Ignored))]
    [InlineData(typeof(Included))]
    [InlineData(typeof(Populated))]
    [InlineData(typeof(Tree))]
    [InlineData(typeof(HiddenConstructor))]
    [InlineData(typeof(Has<OwnConverter>))]
    [InlineData(typeof(PropertyConverter))]
    [InlineData(typeof(Has<Shaped>))]
    [InlineData(typeof(Derived))]
    [InlineData(typeof(Rest))]
    [InlineData(typeof(Has<Tuple<int, string>>))]
    [InlineData(typeof(Has<KeyValuePair<string, int>>))]
    [InlineData(typeof(Has<Point>))]
    [InlineData(typeof(Has<JsonElement>))]
    [InlineData(typeof(Has<JsonObject>))]
    [InlineData(typeof(Has<byte[]>))]
    [InlineData(typeof(Has<ReadOnlyMemory<byte>>))]
    [InlineData(typeof(Has<ImmutableArray<int>>))]
    [InlineData(typeof(Has<ImmutableDictionary<Guid, DayOfWeek>>))]
    [InlineData(typeof(Has<IReadOnlyList<IReadOnlyDictionary<DayOfWeek, int?>>>))]
    [InlineData(typeof(Has<Queue<Uri>>))]
    [InlineData(typeof(Has<ISet<DateOnly>>))]
    public async Task What_survives_starts(Type eventType) => (await FindProblemsAsync(eventType)).ShouldBeEmpty();

    [Fact]
    public async Task Every_loss_is_named_not_only_the_first()
    {
        var problems = await FindProblemsAsync(typeof(Lossy2));

        problems.Count.ShouldBe(3);
        problems.ShouldContain(problem => problem.Contains("'Lossy2.one'"));
        problems.ShouldContain(problem => problem.Contains("'Lossy2.two'"));
        problems.ShouldContain(problem => problem.Contains("'Lossy2.Three'"));
    }

    [Fact]
    public async Task Deeper_than_JSON_is_written_stops_the_start()
    {
        var problems = await FindProblemsAsync(typeof(Has<Has<Has<int[]>>>), configure: carillon => carillon.ConfigureEnvelopes(envelopes => envelopes.Json.MaxDepth = 3));

        problems.ShouldHaveSingleItem().ShouldContain("lies 4 levels deep");
    }

    [Fact]
    public async Task A_policy_that_changes_keys_stops_the_start()
    {
        var problems = await FindProblemsAsync(
            typeof(Has<Dictionary<string, int>>), configure: carillon => carillon.ConfigureEnvelopes(envelopes => envelopes.Json.DictionaryKeyPolicy = JsonNamingPolicy.CamelCase));

        problems.ShouldHaveSingleItem().ShouldContain("DictionaryKeyPolicy");
    }

    private static async Task<IReadOnlyList<string>> FindProblemsAsync(Type eventType, bool acceptsLoss = false, Action<CarillonBuilder>? configure = null)
    {
        try
        {
            await using var application = await Application.StartAsync(carillon =>
            {
                configure?.Invoke(carillon);
                carillon
                    .UseInMemory()
                    .AddEvent(new Carillon.Events.EventType(eventType, "thing.done") { AcceptsLoss = acceptsLoss })
                    .AddListener(new Listener("durable", eventType, (object _, in ListenerCall _) => ValueTask.CompletedTask) { Delivery = Delivery.Durable });
            });
            return [];
        }
        catch (CarillonConfigurationException exception)
        {
            return exception.Problems;
        }
    }

    private sealed record Has<T>(T Value);

    private interface IThing
    {
        int Number { get; }
    }

    private abstract record AbstractThing(int Number);

    private sealed record Thing(int Number);

    private sealed class NoConstructor
    {
        private NoConstructor()
        {
        }

        public int Number { get; set; }

        internal static NoConstructor Create() => new();
    }

    private sealed class TwoConstructors
    {
        public TwoConstructors(int number) => Number = number;

        public TwoConstructors(string text) => Number = text.Length;

        public int Number { get; }
    }

    private sealed class OtherParameter(string title)
    {
        public string Name { get; } = title;
    }

    private sealed class OwnSequence(int count) : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, count).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class RequiredButIgnored
    {
        [JsonIgnore]
        public required string Name { get; init; }
    }

    private sealed class GetOnly
    {
        public List<int> Items { get; } = [];
    }

    private sealed class PrivateSetter
    {
        public string? Name { get; private set; }

        internal void Rename(string name) => Name = name;
    }

    private sealed record StampedItself(int Number)
    {
        public DateTimeOffset At { get; } = DateTimeOffset.UnixEpoch;
    }

    private sealed class WithField
    {
#pragma warning disable CS0649 // JSON leaves it alone, which is the point.
        public int Number;
#pragma warning restore CS0649
    }

    private sealed record WithInternal(int Number)
    {
        internal string? Tenant { get; init; }
    }

    private sealed class WriteOnly
    {
        public string? Secret { private get; set; }

        internal string? Tell() => Secret;
    }

    private sealed class NamedList : List<int>
    {
        public string? Name { get; set; }
    }

    [JsonDerivedType(typeof(WithoutMarkDerived))]
    private record WithoutMark(int Number);

    private sealed record WithoutMarkDerived(int Number, int More) : WithoutMark(Number);

    [JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
    [JsonDerivedType(typeof(FallsBackDerived), "derived")]
    private record FallsBack(int Number);

    private sealed record FallsBackDerived(int Number, int More) : FallsBack(Number);

    [JsonDerivedType(typeof(Lossy), "lossy")]
    private abstract class BaseOfLossy;

    private sealed class Lossy : BaseOfLossy
    {
        public List<int> Items { get; } = [];
    }

    private sealed class Lossy2
    {
        public int One { get; private set; }

        public object? Two { get; set; }

        internal int Three { get; set; }

        internal void Set(int one) => One = one;
    }

    private sealed record Fine(string Text, int Number, Guid Id, DateTimeOffset At, DayOfWeek Day, decimal Price, Fine? Inner, List<Fine> Many)
    {
        public required Uri Address { get; init; }

        public int? Perhaps { get; init; }
    }

    private struct FineStruct
    {
        public int Number { get; set; }
    }

    private readonly record struct FineRecordStruct(int Number);

    private sealed record Computed(int One, int Two)
    {
        public int Sum => One + Two;

        private int Cached { get; } = One;

        internal int Twice => Cached * 2;
    }

    private sealed record Ignored([property: JsonIgnore] Stream? Content, int Number)
    {
        [JsonIgnore]
        public object? Anything { get; set; }

        [JsonIgnore]
        internal int Inside { get; init; }
    }

    private sealed class Included
    {
        [JsonInclude]
        public int One { get; private set; }

        [JsonInclude]
        public int Two = 2;

        [JsonInclude]
        internal int Three { get; set; }

        internal void Set(int one) => One = one;
    }

    private sealed class Populated
    {
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<int> Items { get; } = [];
    }

    private sealed record Tree(Tree? Left, Tree? Right, Dictionary<string, Tree> Named);

    private sealed class HiddenConstructor
    {
        [JsonConstructor]
        private HiddenConstructor(int number) => Number = number;

        public int Number { get; }

        internal static HiddenConstructor Create() => new(1);
    }

    [JsonConverter(typeof(Converter))]
    private sealed class OwnConverter
    {
        public object? Anything { get; private set; }

        internal void Set(object anything) => Anything = anything;
    }

    private sealed class Converter : JsonConverter<OwnConverter>
    {
        public override OwnConverter Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return new OwnConverter();
        }

        public override void Write(Utf8JsonWriter writer, OwnConverter value, JsonSerializerOptions options) => writer.WriteNullValue();
    }

    private sealed record PropertyConverter
    {
        [JsonConverter(typeof(JsonStringEnumConverter<DayOfWeek>))]
        public DayOfWeek Day { get; init; }
    }

    [JsonDerivedType(typeof(RoundShaped), "round")]
    [JsonDerivedType(typeof(SquareShaped), "square")]
    private abstract record Shaped;

    private sealed record RoundShaped(int Radius) : Shaped;

    private sealed record SquareShaped(int Side) : Shaped;

    private sealed record Derived(int Number, int More) : Base(Number);

    private record Base(int Number);

    private sealed class Rest
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? More { get; set; }
    }
}
