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
    public void Read_FailedTests_AreNamedWithTheirMessageAndPlace()
    {
        var summary = Read("""<Counters total="2" executed="2" passed="1" failed="1" />""");

        var failed = Assert.Single(summary.FailedTests);
        Assert.Equal(
            """
            Worker_Killed_GoesOn
                  Assert.Equal() Failure
                  Expected: 3
                  at WorkerTests.Killed() in WorkerTests.cs:line 7
            """,
            failed.ToString());
    }

    private TrxSummary Read(string counters)
    {
        var path = Path.Combine(temporary.Directory.Root, "results.trx");
        File.WriteAllText(path, $"""
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <Results>
                <UnitTestResult testName="Worker_Killed_GoesOn" outcome="Failed">
                  <Output>
                    <ErrorInfo>
                      <Message>Assert.Equal() Failure
                        Expected: 3</Message>
                      <StackTrace>   at Xunit.Assert.Equal()
                        at WorkerTests.Killed() in WorkerTests.cs:line 7</StackTrace>
                    </ErrorInfo>
                  </Output>
                </UnitTestResult>
                <UnitTestResult testName="Worker_Stopped_GoesOn" outcome="Passed" />
              </Results>
              <ResultSummary>{counters}</ResultSummary>
            </TestRun>
            """);
        return TrxSummary.Read(path);
    }
}
