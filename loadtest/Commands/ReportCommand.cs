using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Output;
using Keda.Inference.LoadTest.Reporting;

namespace Keda.Inference.LoadTest.Commands;

/// <summary><c>report</c>: makes the HTML page and charts from what was measured.</summary>
internal static class ReportCommand
{
    public static Command Create(CommonOptions common)
    {
        var input = new Argument<string>("FOLDER") { Description = "What run, saturate or compare wrote with --output (or its measurement.json)." };
        var folder = new Option<string?>("--output", "-o") { Description = "Where to write. Default: the same folder.", HelpName = "FOLDER" };
        var command = new DocumentedCommand("report", "Makes one self-contained HTML page, PNG charts and CSV from a measurement.")
        {
            Examples =
            {
                new Example("again from what a comparison kept", "report results"),
                new Example("elsewhere", "report results --output /tmp/page"),
            },
        };
        command.Arguments.Add(input);
        command.Options.Add(folder);
        command.SetAction(async (parsed, cancellation) =>
        {
            var source = parsed.GetValue(input)!;
            var measurement = Measurement.Read(source);
            var target = RunFolder.Prepare(parsed.GetValue(folder) ?? (Directory.Exists(source) ? source : Path.GetDirectoryName(Path.GetFullPath(source))!));
            var remark = await ReportFolder.WriteAsync(target, measurement, cancellation);
            var page = Path.Combine(target, ReportFolder.Html);
            if (remark is not null)
                await parsed.InvocationConfiguration.Error.WriteLineAsync(remark);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(common.Json) ? JsonOutput.Serialize(new { Report = page }) : page);
            return ExitCodes.Good;
        });
        return command;
    }
}
