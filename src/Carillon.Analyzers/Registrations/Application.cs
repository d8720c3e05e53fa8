using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Registrations;

/// <summary>Whether the compilation is a program, in which everything is put together that a library leaves to others.</summary>
internal static class Application
{
    internal static bool Is(Compilation compilation) => compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;
}
