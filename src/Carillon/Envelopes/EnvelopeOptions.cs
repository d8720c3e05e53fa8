using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Envelopes.Internal;

namespace Carillon.Envelopes;

/// <summary>How events become bytes.</summary>
public sealed class EnvelopeOptions
{
    internal const int DefaultMaxPayloadBytes = 1024 * 1024;
    internal const int DefaultMaxDepth = 64;

    /// <summary>
    /// How events are serialized. Add your source-generated contexts to its <see cref="JsonSerializerOptions.TypeInfoResolverChain"/>: programs
    /// that are trimmed or published ahead of time need them, others start faster with them. Defaults to the web defaults, with reflection
    /// where the program allows it, no nesting deeper than 64 levels, and no property that is there twice. The same limits hold for what is read.
    /// </summary>
    public JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = DefaultMaxDepth,
#if NET10_0_OR_GREATER // The tests of NativeAOT compile for the release before, which cannot refuse them.
        AllowDuplicateProperties = false,
#endif
    };

    /// <summary>
    /// The largest serialized event, in bytes. A larger one is refused at dispatch: put the bulk elsewhere and its address into the event. A stored one that is
    /// larger is not read. Defaults to 1,048,576.
    /// </summary>
    public int MaxPayloadBytes { get; set; } = DefaultMaxPayloadBytes;

    /// <summary>
    /// What speaks against storing events of this type: what could not be written or read, and what would not come back as it was, each with the mend. Empty if nothing
    /// does. The host asks this at its start for every event with a durable listener; a test can ask earlier. From then on <see cref="Json"/> cannot be changed.
    /// </summary>
    /// <param name="eventType">The type of the event.</param>
    public IReadOnlyList<string> FindFaults(Type eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        return [.. FindShapeFaults(eventType).Select(static fault => fault.Text)];
    }

    internal IReadOnlyList<JsonFault> FindShapeFaults(Type eventType)
    {
        Freeze();
        try
        {
            return JsonShape.FindFaults(Json.GetTypeInfo(eventType), Json);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return [new JsonFault(exception.Message, IsLoss: false)];
        }
    }

    /// <summary>Nothing is added any more: what was not given a context is read by reflection, where the program allows it.</summary>
    internal void Freeze()
    {
        if (!Json.IsReadOnly)
        {
            AddReflection(Json);
            Json.MakeReadOnly();
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where the program allows reflection; trimmed programs switch it off and use contexts.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above.")]
    private static void AddReflection(JsonSerializerOptions json)
    {
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            json.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }
        else if (json.TypeInfoResolver is null)
        {
            json.TypeInfoResolver = JsonTypeInfoResolver.Combine();
        }
    }
}
