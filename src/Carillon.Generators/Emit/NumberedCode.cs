namespace Carillon.Generators.Emit;

/// <summary>
/// Writes code that is found by a number, and a class whose instances are such numbers: a delegate to it costs the compiler nothing, where one to a
/// method of its own costs about 10 microseconds at start.
/// </summary>
internal static class NumberedCode
{
    // One switch over everything would be compiled as a whole for the first number that is run. For the same reason the code of a number is a call
    // of a method of its own, and names no type.
    private const int Block = 16;

    /// <summary>Writes a static method that takes the number before its other parameters.</summary>
    internal static void Write(
        SourceWriter writer, string result, string method, IReadOnlyList<Parameter> parameters, int count, Func<int, string> code)
    {
        var arguments = parameters.Count == 0 ? string.Empty : $", {Parameter.Arguments(parameters)}";
        if (count <= Block)
        {
            WriteMethod(writer, result, method, parameters, "number", 0, count, code);
            return;
        }

        var blocks = (count + Block - 1) / Block;
        WriteMethod(writer, result, method, parameters, $"number / {Block}", 0, blocks, block => $"{method}Block{block}(number{arguments})");
        for (var block = 0; block < blocks; block++)
        {
            WriteMethod(writer, result, $"{method}Block{block}", parameters, "number", block * Block, Math.Min(count, (block + 1) * Block), code);
        }
    }

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
        SourceWriter writer, string result, string method, IReadOnlyList<Parameter> parameters, string value, int from, int to, Func<int, string> code)
    {
        writer.Line();
        writer.Open($"private static {result} {method}(int number{(parameters.Count == 0 ? string.Empty : $", {Parameter.Declarations(parameters)}")})");
        WriteSwitch(writer, value, from, to, code);
        writer.Close();
    }

    private static void WriteSwitch(SourceWriter writer, string value, int from, int to, Func<int, string> code)
    {
        if (to - from == 1)
        {
            writer.Line($"return {code(from)};");
            return;
        }

        writer.Open($"switch ({value})");
        for (var number = from; number < to; number++)
        {
            // The last one is the default: a switch that always returns needs one.
            writer.Line(number == to - 1 ? $"default: return {code(number)};" : $"case {number}: return {code(number)};");
        }

        writer.Close();
    }
}
