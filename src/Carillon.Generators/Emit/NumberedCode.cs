namespace Carillon.Generators.Emit;

/// <summary>
/// Writes code that is found by a number, and a class whose instances are such numbers: a delegate to it costs the compiler nothing, where one to a
/// method of its own costs about 10 microseconds at start.
/// </summary>
internal static class NumberedCode
{
    // One switch over everything would be compiled as a whole for the first number that is run; what takes the compiler longest is a case that it has to look at. So a
    // number is found in steps of a few cases each, and its code is a call of a method of its own, and names no type.
    private const int Block = 8;

    /// <summary>Writes a static method that takes the number before its other parameters.</summary>
    /// <param name="writer">Takes the code.</param>
    /// <param name="result">What the method returns; it may be nothing.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="parameters">Its parameters after the number.</param>
    /// <param name="count">How many numbers there are.</param>
    /// <param name="code">The code of a number; null for one that nobody asks for.</param>
    internal static void Write(
        SourceWriter writer, string result, string method, IReadOnlyList<Parameter> parameters, int count, Func<int, string?> code)
    {
        var arguments = parameters.Count == 0 ? string.Empty : $", {Parameter.Arguments(parameters)}";
        var size = 1;
        for (; size * Block < count; size *= Block)
        {
            WriteBlocks(writer, result, method, parameters, count, size, code);
            var inside = size * Block;
            code = block => $"{BlockOf(method, inside)}{block}(number{arguments})";
        }

        WriteMethod(writer, result, method, parameters, Step(size), 0, (count + size - 1) / size, code);
    }

    // Those that find their way among this many numbers each.
    private static void WriteBlocks(
        SourceWriter writer, string result, string method, IReadOnlyList<Parameter> parameters, int count, int size, Func<int, string?> code)
    {
        var steps = (count + size - 1) / size;
        for (var block = 0; block * Block < steps; block++)
        {
            WriteMethod(writer, result, $"{BlockOf(method, size * Block)}{block}", parameters, Step(size), block * Block, Math.Min(steps, (block + 1) * Block), code);
        }
    }

    private static string BlockOf(string method, int size) => $"{method}{size}Block";

    private static string Step(int size) => size == 1 ? "number" : $"number / {size}";

    /// <summary>Writes the class whose instances stand for numbers.</summary>
    internal static void WriteClass(SourceWriter writer, string className, string result, string method, IReadOnlyList<Parameter> parameters, string code)
    {
        writer.Line();
        writer.Open($"private sealed class {className}");
        writer.Line("private readonly int _number;");
        writer.Line();
        writer.Line($"internal {className}(int number) => _number = number;");
        writer.Line();
        writer.Line($"internal {result} {method}({Parameter.Declarations(parameters)}) => {code}(_number, {Parameter.Arguments(parameters)});");
        writer.Close();
    }

    private static void WriteMethod(
        SourceWriter writer, string result, string method, IReadOnlyList<Parameter> parameters, string value, int from, int to, Func<int, string?> code)
    {
        writer.Line();
        writer.Open($"private static {result} {method}(int number{(parameters.Count == 0 ? string.Empty : $", {Parameter.Declarations(parameters)}")})");
        var codes = Enumerable.Range(from, to - from).Select(number => (Number: number, Code: code(number))).Where(each => each.Code is not null).ToArray();
        WriteSwitch(writer, result == "void", value, codes);
        writer.Close();
    }

    private static void WriteSwitch(SourceWriter writer, bool returnsNothing, string value, (int Number, string? Code)[] codes)
    {
        if (codes.Length <= 1)
        {
            foreach (var (_, code) in codes)
            {
                writer.Line(returnsNothing ? $"{code};" : $"return {code};");
            }

            return;
        }

        writer.Open($"switch ({value})");
        foreach (var (number, code) in codes)
        {
            // The last one is the default: a switch that always returns needs one.
            var label = number == codes[codes.Length - 1].Number ? "default" : $"case {number}";
            writer.Line(returnsNothing ? $"{label}: {code}; break;" : $"{label}: return {code};");
        }

        writer.Close();
    }
}
