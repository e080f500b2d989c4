using Mainstay.LocalStack.Testing;

namespace Mainstay.LocalStack.Tests.Testing;

public sealed class TrxSummaryTests : IDisposable
{
    private readonly TemporaryRunDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Read_OneFailedAndOneSkipped_CountsBothAsFailed()
    {
        var summary = Read("""<Counters total="5" executed="4" passed="3" failed="1" />""");

        Assert.Equal((3, 2), (summary.Passed, summary.Failed));
    }

    [Fact]
    public void Read_FailedTests_AreNamed()
    {
        var summary = Read("""<Counters total="2" executed="2" passed="1" failed="1" />""");

        Assert.Equal(["Worker_Killed_GoesOn"], summary.FailedTests);
    }

    private TrxSummary Read(string counters)
    {
        var path = Path.Combine(temporary.Directory.Root, "results.trx");
        File.WriteAllText(path, $"""
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <Results>
                <UnitTestResult testName="Worker_Killed_GoesOn" outcome="Failed" />
                <UnitTestResult testName="Worker_Stopped_GoesOn" outcome="Passed" />
              </Results>
              <ResultSummary>{counters}</ResultSummary>
            </TestRun>
            """);
        return TrxSummary.Read(path);
    }
}
