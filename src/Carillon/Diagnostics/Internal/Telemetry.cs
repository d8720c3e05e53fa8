using System.Diagnostics;

namespace Carillon.Diagnostics.Internal;

/// <summary>The source of Carillon's spans, <c>Carillon</c>. Without a listener it costs one look at a flag.</summary>
internal static class Telemetry
{
    internal static readonly ActivitySource Source = new("Carillon");
}
