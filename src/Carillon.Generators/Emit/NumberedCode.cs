namespace Carillon.Generators.Emit;

/// <summary>
/// Writes code that is found by a number, and a class whose instances are such numbers: a delegate to it costs the compiler nothing, where one to a
/// method of its own costs about 10 microseconds at start.
/// </summary>
/// <remarks>
/// One switch over everything would be compiled as a whole for the first number that is run, and a class with everything would make each of its methods known to the
/// runtime when it is loaded. So numbers are found in steps, and their code is divided into classes, which are loaded when the step before them is compiled. A step costs
/// the compiler about 22 microseconds, and one more for each case that is nothing but a call.
/// </remarks>
/// <param name="family">The name of the class in which numbers are found; those with their code are named after it.</param>
/// <param name="result">What the code returns; it may be nothing.</param>
/// <param name="method">The name of the methods; those with code have their number behind it.</param>
/// <param name="parameters">Their parameters; the methods that find take the number before them.</param>
internal sealed class NumberedCode(string family, string result, string method, IReadOnlyList<Parameter> parameters)
{
    private const int Block = 64;

    private readonly string _declarations = Parameter.Declarations(parameters);
    private readonly string _arguments = Parameter.Arguments(parameters);

    /// <summary>The call of the code of a number.</summary>
    internal string Call(string number) => $"{family}.{method}({WithNumber(number, _arguments)})";

    /// <summary>The declaration of the method with the code of a number.</summary>
    internal string Declaration(int number) => $"internal static {result} {method}{number}({_declarations})";

    /// <summary>Writes the classes.</summary>
    /// <param name="writer">Takes the code.</param>
    /// <param name="numbers">The numbers that are asked for, in ascending order.</param>
    /// <param name="writeCode">Writes the method of a number.</param>
    internal void Write(SourceWriter writer, IReadOnlyList<int> numbers, Action<int> writeCode)
    {
        writer.Line();
        writer.Open($"private static class {family}");
        WriteSteps(writer, numbers);
        if (numbers[numbers.Count - 1] < Block)
        {
            WriteCode(numbers, writeCode);
            writer.Close();
            return;
        }

        writer.Close();
        foreach (var block in numbers.GroupBy(static number => number / Block))
        {
            writer.Line();
            writer.Open($"private static class {family}{block.Key}");
            WriteCode(block, writeCode);
            writer.Close();
        }
    }

    private static void WriteCode(IEnumerable<int> numbers, Action<int> writeCode)
    {
        foreach (var number in numbers)
        {
            writeCode(number);
        }
    }

    /// <summary>Writes the class whose instances stand for numbers.</summary>
    internal void WriteInstances(SourceWriter writer, string className)
    {
        writer.Line();
        writer.Open($"private sealed class {className}");
        writer.Line("private readonly int _number;");
        writer.Line();
        writer.Line($"internal {className}(int number) => _number = number;");
        writer.Line();
        writer.Line($"internal {result} {method}({_declarations}) => {Call("_number")};");
        writer.Close();
    }

    private void WriteSteps(SourceWriter writer, IReadOnlyList<int> numbers)
    {
        var isOneBlock = numbers[numbers.Count - 1] < Block;
        Func<int, string> code = number => $"{(isOneBlock ? string.Empty : $"{family}{number / Block}.")}{method}{number}({_arguments})";
        var size = 1;
        for (; size * Block <= numbers[numbers.Count - 1]; size *= Block)
        {
            var inside = size * Block;
            foreach (var block in numbers.GroupBy(number => number / inside))
            {
                WriteStep(writer, "private", $"Step{inside}Of{block.Key}", size, block, code);
                writer.Line();
            }

            code = block => $"Step{inside}Of{block}({WithNumber("number", _arguments)})";
        }

        WriteStep(writer, "internal", method, size, numbers, code);
    }

    private void WriteStep(SourceWriter writer, string access, string name, int size, IEnumerable<int> numbers, Func<int, string> code)
    {
        writer.Open($"{access} static {result} {name}({WithNumber("int number", _declarations)})");
        WriteSwitch(writer, size == 1 ? "number" : $"number / {size}", [.. numbers.Select(number => number / size).Distinct().Select(each => (each, code(each)))]);
        writer.Close();
    }

    private static string WithNumber(string number, string others) => others.Length == 0 ? number : $"{number}, {others}";

    private void WriteSwitch(SourceWriter writer, string value, (int Number, string Code)[] codes)
    {
        var returnsNothing = result == "void";
        if (codes.Length == 1)
        {
            writer.Line(returnsNothing ? $"{codes[0].Code};" : $"return {codes[0].Code};");
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
