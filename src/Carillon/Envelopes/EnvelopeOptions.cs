using System.Text.Json;

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
    public JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { MaxDepth = DefaultMaxDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// The largest serialized event, in bytes. A larger one is refused at dispatch: put the bulk elsewhere and its address into the event. A stored one that is
    /// larger is not read. Defaults to 1,048,576.
    /// </summary>
    public int MaxPayloadBytes { get; set; } = DefaultMaxPayloadBytes;
}
