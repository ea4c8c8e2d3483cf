/** The parts of the chart library that draw lines as SVG; a module of its own, so that a bundle leaves out the rest. */
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([LineChart, GridComponent, MarkAreaComponent, SVGRenderer]);

export { echarts };
