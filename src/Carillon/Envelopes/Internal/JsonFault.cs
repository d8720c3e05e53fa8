namespace Carillon.Envelopes.Internal;

/// <summary>Why an event does not come back from storage as it was.</summary>
/// <param name="Text">What it is, and the mend.</param>
/// <param name="IsLoss">It can be stored and read, and something is missing or different then. Otherwise one of the two fails.</param>
internal sealed record JsonFault(string Text, bool IsLoss);
