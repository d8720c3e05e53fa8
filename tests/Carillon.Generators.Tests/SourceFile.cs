namespace Carillon.Generators.Tests;

/// <summary>A file of the assembly that a test compiles.</summary>
internal sealed record SourceFile(string Path, string Text);
