namespace Carillon.Envelopes.Internal;

/// <summary>How much of what arrives is looked at. What is beyond is refused before anything is made of it.</summary>
/// <param name="MaxBodyBytes">The largest body.</param>
internal sealed record CloudEventLimits(int MaxBodyBytes)
{
    /// <summary>The most headers, those of the transport included.</summary>
    internal const int MaxHeaders = 64;

    /// <summary>The longest value of a header or attribute, in characters.</summary>
    internal const int MaxLength = 8192;

    /// <summary>The longest id, name, correlation id and key, in characters.</summary>
    internal const int MaxIdLength = 200;

    /// <summary>What stands around the data of a structured event.</summary>
    internal const int MaxFrameBytes = 64 * 1024;
}
