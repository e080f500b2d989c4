using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Tests.Processes;

public sealed class ProcessStatTests
{
    [Fact]
    public void Parse_CommandHoldsBlanksAndParentheses_ReadsTheFieldsBehindIt()
    {
        var stat = ProcessStat.Parse("4711 (a (very) odd name) S 1 4700 4700 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2");

        Assert.Equal(new ProcessStat(4711, 'S', 4700, 987654), stat);
    }

    [Fact]
    public void Read_NoSuchProcess_IsNull() => Assert.Null(ProcessStat.Read(int.MaxValue));
}
