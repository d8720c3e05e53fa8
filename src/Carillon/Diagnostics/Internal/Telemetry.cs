using System.Diagnostics;

namespace Carillon.Diagnostics.Internal;

/// <summary>The source of Carillon's spans, <c>Carillon</c>. Without a listener it costs one look at a flag.</summary>
internal static class Telemetry
{
    /// <summary>What spans and measures are found by.</summary>
    internal const string Name = "Carillon";

    /// <summary>The version of the names and tags, not of the package: raised when one of them changes its meaning.</summary>
    internal const string Version = "1.0.0";

    internal static readonly ActivitySource Source = new(Name, Version);
}
