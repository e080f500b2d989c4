using System.Globalization;
using System.Xml.Linq;

namespace Mainstay.LocalStack.Testing;

/// <summary>How many tests passed and failed, and which failed why, as a test run's trx file has it.</summary>
internal sealed record TrxSummary(int Passed, int Failed, IReadOnlyList<FailedTest> FailedTests)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Reads one trx file; a test that did not run counts as failed.</summary>
    public static TrxSummary Read(string path)
    {
        var report = XDocument.Load(path);
        var counters = report.Descendants(Trx + "Counters").Single();
        var passed = Count(counters, "passed");
        var failed = from result in report.Descendants(Trx + "UnitTestResult")
                     where result.Attribute("outcome")!.Value == "Failed"
                     let error = result.Descendants(Trx + "ErrorInfo").SingleOrDefault()
                     select new FailedTest(
                         result.Attribute("testName")!.Value,
                         error?.Element(Trx + "Message")?.Value ?? "",
                         error?.Element(Trx + "StackTrace")?.Value ?? "");
        return new(passed, Count(counters, "total") - passed, [.. failed]);
    }

    public static TrxSummary operator +(TrxSummary left, TrxSummary right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, [.. left.FailedTests, .. right.FailedTests]);

    private static int Count(XElement counters, string name) =>
        int.Parse(counters.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
