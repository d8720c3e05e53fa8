namespace Carillon.Envelopes;

/// <summary>One header of an event on its way.</summary>
/// <param name="Name">The name, <c>cloudEvents:id</c>. Case matters not.</param>
/// <param name="Value">
/// The value as text. Null for one that is no text and has no form as text (a table, a list, bytes that are not UTF-8): a transport says so, and an event of which that
/// is an attribute is refused. What is null on the wire is no header. Numbers and truth values have a form as text: that of JSON. A point in time has the one of RFC 3339.
/// </param>
public readonly record struct EventHeader(string Name, string? Value);
