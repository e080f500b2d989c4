using System.Globalization;
using System.Xml.Linq;

namespace Mainstay.LocalStack.Testing;

/// <summary>How many tests passed and failed, as a test run's trx file counts them.</summary>
internal sealed record TrxSummary(int Passed, int Failed)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Reads one trx file; a test that did not run counts as failed.</summary>
    public static TrxSummary Read(string path)
    {
        var counters = XDocument.Load(path).Descendants(Trx + "Counters").Single();
        var passed = Count(counters, "passed");
        return new(passed, Count(counters, "total") - passed);
    }

    public static TrxSummary operator +(TrxSummary left, TrxSummary right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed);

    private static int Count(XElement counters, string name) =>
        int.Parse(counters.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
