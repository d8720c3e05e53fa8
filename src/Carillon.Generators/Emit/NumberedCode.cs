namespace Carillon.Generators.Emit;

/// <summary>
/// Writes a class whose instances are numbers with code behind them. A delegate to it costs the compiler nothing, where one to a method of its own
/// costs about 10 microseconds at start; the code is found by a switch when it is first run.
/// </summary>
internal static class NumberedCode
{
    // One switch over everything would be compiled as a whole for the first number that is run. For the same reason the code of a number is a call
    // of a method of its own, and names no type.
    private const int Block = 16;

    internal static void Write(
        SourceWriter writer, string className, string result, string method, IReadOnlyList<Parameter> parameters, int count, Func<int, string> code)
    {
        writer.Line();
        writer.Open($"private sealed class {className}");
        writer.Line("private readonly int _number;");
        writer.Line();
        writer.Line($"internal {className}(int number) => _number = number;");
        writer.Line();
        writer.Open($"internal {result} {method}({Parameter.Declarations(parameters)})");
        if (count <= Block)
        {
            WriteSwitch(writer, "_number", 0, count, code);
            writer.Close();
        }
        else
        {
            var blocks = (count + Block - 1) / Block;
            WriteSwitch(writer, $"_number / {Block}", 0, blocks, block => $"{method}Block{block}({Parameter.Arguments(parameters)})");
            writer.Close();
            for (var block = 0; block < blocks; block++)
            {
                writer.Line();
                writer.Open($"private {result} {method}Block{block}({Parameter.Declarations(parameters)})");
                WriteSwitch(writer, "_number", block * Block, Math.Min(count, (block + 1) * Block), code);
                writer.Close();
            }
        }

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
