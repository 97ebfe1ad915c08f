using System.CommandLine;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Quantization.Calibration;
using Spectre.Console;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary><c>model quantize</c>: an int8 model from an fp32 one.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        var defaults = new QuantizationSettings();
        var model = new Option<string>("--model") { Description = "The fp32 ONNX model.", Required = true };
        var calibrate = new Option<string>("--calibrate") { Description = "A folder with pictures like those to come.", Required = true };
        var output = new Option<string>("--output") { Description = "The int8 model to write. A worker finds MODEL.int8.onnx beside MODEL.onnx.", Required = true };
        var evaluate = new Option<string?>("--evaluate") { Description = "A folder with pictures to compare on. Default: every fourth one of --calibrate, which is then not calibrated with." };
        var method = new Option<CalibrationMethod>("--method") { HelpName = "minmax|percentile", Description = "How an activation's range is found: minmax (its extremes) or percentile.", DefaultValueFactory = _ => defaults.Method };
        var percentile = Ranged("--percentile", "The share of values a range holds, in per cent, with --method percentile.", defaults.Percentile, 90, 100);
        var bits = new Option<int>("--weight-bits") { Description = "8, or 7 for processors without VNNI, where eight bits may overflow. Default: what suits this one.", DefaultValueFactory = _ => defaults.WeightBits };
        bits.Validators.Add(result =>
        {
            if (result.GetValue(bits) is not (7 or 8))
                result.AddError("--weight-bits must be 7 or 8.");
        });
        var keepFirst = new Option<bool>("--keep-first") { Description = "Leave the first convolution in fp32." };
        var keepLast = new Option<bool>("--keep-last") { Description = "Leave the last convolution or fully connected layer in fp32." };
        var most = new Option<int>("--max-pictures") { Description = "The most pictures of a folder to use, evenly spread.", DefaultValueFactory = _ => 500 };
        most.Validators.Add(result =>
        {
            if (result.GetValue(most) is < 2 or > 100_000)
                result.AddError("--max-pictures must be 2 to 100000.");
        });
        var pixels = new PreprocessOptions();
        var resize = new Option<int>("--resize") { Description = "As the worker's Preprocess:Resize.", DefaultValueFactory = _ => pixels.Resize };
        var mean = new Option<string>("--mean") { Description = "As the worker's Preprocess:Mean.", DefaultValueFactory = _ => pixels.Mean };
        var deviation = new Option<string>("--deviation") { Description = "As the worker's Preprocess:Deviation.", DefaultValueFactory = _ => pixels.Deviation };
        var agreement = Ranged("--min-agreement", "The least share of pictures, 0 to 1, for which int8 must put the same class first as fp32.", 0.8, 0, 1);
        var force = new Option<bool>("--force") { Description = "Write the file even below --min-agreement." };

        var command = new Command("quantize", "Make an int8 model from an fp32 one and compare them.")
        {
            model, calibrate, output, evaluate, method, percentile, bits, keepFirst, keepLast, most, resize, mean,
            deviation, agreement, force,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var request = new QuantizeRequest
            {
                Model = parsed.GetRequiredValue(model),
                Calibrate = parsed.GetRequiredValue(calibrate),
                Evaluate = parsed.GetValue(evaluate),
                Output = parsed.GetRequiredValue(output),
                MaxPictures = parsed.GetValue(most),
                MinAgreement = parsed.GetValue(agreement),
                Force = parsed.GetValue(force),
                Preprocess = new PreprocessOptions
                {
                    Resize = parsed.GetValue(resize),
                    Mean = parsed.GetRequiredValue(mean),
                    Deviation = parsed.GetRequiredValue(deviation),
                },
                Settings = new QuantizationSettings
                {
                    Method = parsed.GetValue(method),
                    Percentile = parsed.GetValue(percentile),
                    WeightBits = parsed.GetValue(bits),
                    KeepFirst = parsed.GetValue(keepFirst),
                    KeepLast = parsed.GetValue(keepLast),
                },
            };
            return ModelCommands.RunAsync(parsed, console => Task.Run(() => Run(request, console, cancellationToken), CancellationToken.None));
        });
        return command;
    }

    private static void Run(QuantizeRequest request, IAnsiConsole console, CancellationToken cancellationToken)
    {
        QuantizationReport? report = null;
        console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var tasks = ((string[])["calibrate", "compare", "time"]).ToDictionary(stage => stage, stage => context.AddTask(stage, autoStart: false, maxValue: 1));
                report = new QuantizationJob(request).Run(
                    (stage, share) =>
                    {
                        if (!tasks[stage].IsStarted)
                            tasks[stage].StartTask();
                        tasks[stage].Value = share;
                    },
                    cancellationToken);
            });
        foreach (var line in report!.Lines())
            console.Say(line);
        if (Int8Support.Warning(Int8Support.Level, request.Settings.WeightBits) is { } warning)
            console.Say(warning);
        if (!report.Agrees && !request.Force)
        {
            throw new ModelException(
                $"{request.Output} is not written: top-1 agreement {report.Scores.Top1Agreement:F3} is below --min-agreement {request.MinAgreement}. Try --method percentile, --keep-first, --keep-last or more pictures, or write it all the same with --force.")
            {
                ExitCode = 1,
            };
        }

        console.Say(report.Agrees ? $"wrote       {request.Output}" : $"wrote       {request.Output}, forced: the agreement is below {request.MinAgreement}");
    }

    private static Option<double> Ranged(string name, string description, double value, double least, double most)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is var given && !(given >= least && given <= most))
                result.AddError($"{name} must be {least} to {most}.");
        });
        return option;
    }
}
