using Mainstay.LocalStack.Testing;

namespace Mainstay.LocalStack.Tests.Testing;

public sealed class TrxSummaryTests : IDisposable
{
    private readonly TemporaryRunDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Read_OneFailedAndOneSkipped_CountsBothAsFailed()
    {
        var path = Path.Combine(temporary.Directory.Root, "results.trx");
        File.WriteAllText(path, """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <ResultSummary><Counters total="5" executed="4" passed="3" failed="1" /></ResultSummary>
            </TestRun>
            """);

        Assert.Equal(new TrxSummary(3, 2), TrxSummary.Read(path));
    }
}
